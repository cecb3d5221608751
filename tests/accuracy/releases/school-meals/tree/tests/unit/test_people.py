import pytest

from meals.people import Parent, child_of

ME = Parent("p", {"00000000-0000-0000-0000-000000000001": "north"})


@pytest.mark.parametrize("id", ["00000000-0000-0000-0000-000000000002", "x", "", "00000000-0000-0000-0000-000000000001 or 1"])
def test_others_children_are_refused(id):
    with pytest.raises(PermissionError):
        child_of(ME, id)


def test_my_child_has_its_school():
    assert child_of(ME, next(iter(ME.children))).school == "north"
