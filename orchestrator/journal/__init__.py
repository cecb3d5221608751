"""The journal room: events, hash chain, blobs, and the one door that every effect goes through."""
