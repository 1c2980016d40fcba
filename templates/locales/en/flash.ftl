### One sentence for the page after a form was taken. An argument, if any, is called `value`.

flash-saved = Saved.
