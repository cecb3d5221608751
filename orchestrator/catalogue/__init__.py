"""The catalogue room: 261 criteria as data, and the conditions under which they apply."""
