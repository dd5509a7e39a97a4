"""Write docs/teaching.md from what the lessons say. Run it after a lesson changed."""

from seqviz.app import warmup
from seqviz.app.teaching import teaching_notes
from seqviz.app.teaching_page import PATH

if __name__ == "__main__":
    warmup.warm_up()
    PATH.write_text(teaching_notes(), "utf-8")
    print(f"{PATH.name}: {len(PATH.read_text('utf-8')):,} characters")
