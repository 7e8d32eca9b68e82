"""The pages, drawn on the server. Each works without JavaScript; the widget makes the talk smoother."""
