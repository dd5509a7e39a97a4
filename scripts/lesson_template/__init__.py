"""Row lengths: how long is the row that each id looks up?"""
