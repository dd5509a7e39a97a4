// What a component makes for each place of the page that it stands in, once.
//
// Streamlit can call a component a second time before it takes down what the first call returned,
// though the component stays: it does so where a fragment reruns while its page still opens. So only
// what the last call returned takes it down.

function living(create, update) {
  const made = new WeakMap();
  return (component) => {
    const place = component.parentElement;
    let one = made.get(place);
    if (!one) made.set(place, (one = { ...create(component), calls: 0 }));
    one.calls += 1;
    const call = one.calls;
    update(one, component.data);
    return () => {
      if (call !== one.calls) return;
      made.delete(place);
      one.remove();
    };
  };
}
