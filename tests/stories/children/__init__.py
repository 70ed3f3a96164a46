"""Programs that the stories run beside the browser, in processes of their own."""
