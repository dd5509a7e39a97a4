// What a component makes for each place of the page that it stands in, once.
//
// Streamlit can call a component a second time before it takes down what the first call returned,
// though the component stays: it does so where a fragment reruns while its page still opens. So only
// what the last call returned takes it down.
//
// `create` makes it, of the component and its data; `read` opens what the data comes as.

function living(create, read = ([data]) => data) {
  const made = new WeakMap();
  return (component) => {
    const place = component.parentElement;
    const data = read(component.data);
    let one = made.get(place);
    if (!one) made.set(place, (one = { ...create(component, data), calls: 0 }));
    one.calls += 1;
    const call = one.calls;
    one.update(data);
    return () => {
      if (call !== one.calls) return;
      made.delete(place);
      one.remove();
    };
  };
}
