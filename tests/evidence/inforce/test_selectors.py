"""How label selectors meet labels, also open ones."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.selectors import MOST_MET, Labelled, Selector

OPEN = "__helm__"
WEB = {"app": "web", "tier": "front", "version": 2}


class TestSelector:
    @pytest.mark.parametrize(
        ("written", "labels", "taken"),
        [
            ({"matchLabels": {"app": "web"}}, WEB, True),
            ({"matchLabels": {"app": "web", "tier": "front"}}, WEB, True),
            ({"matchLabels": {"version": "2"}}, WEB, True),
            ({"matchLabels": {"app": "api"}}, WEB, False),
            ({"matchLabels": {"app": "web", "zone": "a"}}, WEB, False),
            ({"matchLabels": {}}, WEB, True),
            ({}, WEB, True),
            ({"matchLabels": "odd", "matchExpressions": "odd"}, WEB, True),
            ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "api"]}]}, WEB, True),
            ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["api"]}]}, WEB, False),
            ({"matchExpressions": [{"key": "zone", "operator": "In", "values": ["a"]}]}, WEB, False),
            ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}, WEB, False),
            ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["api"]}]}, WEB, True),
            ({"matchExpressions": [{"key": "zone", "operator": "NotIn", "values": ["a"]}]}, WEB, True),
            ({"matchExpressions": [{"key": "app", "operator": "Exists"}]}, WEB, True),
            ({"matchExpressions": [{"key": "zone", "operator": "Exists"}]}, WEB, False),
            ({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}, WEB, False),
            ({"matchExpressions": [{"key": "zone", "operator": "DoesNotExist"}]}, WEB, True),
            ({"matchExpressions": [{"key": "app", "operator": "Unheard"}]}, WEB, True),
            ({"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "a", "operator": "Exists"}]}, WEB, False),
            ({"matchLabels": {"app": "web"}}, {}, False),
            ({"matchLabels": {"app": "web"}}, {OPEN: True}, True),
            ({"matchLabels": {"app": "web"}}, {"app": f"{OPEN}-web"}, True),
            ({"matchLabels": {"app": "web", "tier": "back"}}, {"app": OPEN, "tier": "front"}, False),
            ({"matchLabels": {"app": OPEN}}, WEB, True),
            ({"matchLabels": {"app": OPEN, "tier": "back"}}, WEB, False),
            ({OPEN: True, "matchLabels": {"app": "api"}}, WEB, True),
            ({"matchExpressions": [{"key": "app", "operator": "In", "values": [OPEN]}]}, WEB, True),
            ({"matchLabels": {"app": "web", "statefulset.kubernetes.io/pod-name": "web-0"}}, WEB, True),
        ],
    )
    def test_takes(self, written, labels, taken):
        """
        All labels and expressions must fit; what a template leaves open on either side may.
        """
        assert taken is Selector.of(written).takes(labels)

    @pytest.mark.parametrize(
        ("written", "said"),
        [
            ({"matchLabels": {"app": "web"}}, False),
            ({"matchLabels": {"app": OPEN}}, True),
            ({"matchLabels": {OPEN: True}}, True),
            ({OPEN: True}, True),
            ({"matchExpressions": [{"key": "app", "operator": "In", "values": [OPEN]}]}, True),
        ],
    )
    def test_open(self, written, said):
        """
        A selector is open where a template decides about a label, a value or a list.
        """
        assert said is Selector.of(written).open

    def test_names(self):
        """
        Operators label what they make with the name of what they make it of.
        """
        assert Selector({"cnpg.io/cluster": "shop"}).names("shop")
        assert not Selector({"cnpg.io/cluster": "shop"}).names("web")


class TestLabelled:
    def test_finds_few(self):
        """
        Things are found by their rarest label, in their order, and loose ones by whatever they may be.
        """
        things = Labelled(
            [({"app": "web", "env": "x"}, 1), ({"app": "api", "env": "x"}, 2), ({OPEN: True}, 3), ({"app": "web"}, 4)]
        )

        assert [1, 3, 4] == things.chosen(Selector({"app": "web"}))
        assert [1, 3] == things.chosen(Selector({"app": "web", "env": "x"}))
        assert [1, 2, 3, 4] == things.chosen(Selector({}))
        assert [3] == things.chosen(Selector({"app": "none"}))
        assert things
        assert not Labelled([])

    def test_many(self):
        """
        What would meet too many things says so, and looks at the first of them.
        """
        most = Labelled([({"app": "web"}, number) for number in range(MOST_MET)])
        more = Labelled([({"app": "web", "n": number}, number) for number in range(MOST_MET + 1)])
        loose = Labelled([({OPEN: True}, number) for number in range(MOST_MET + 1)])

        assert not most.crowded(Selector({"app": "web"}))
        assert more.crowded(Selector({"app": "web"}))
        assert more.crowded(Selector({}))
        assert not more.crowded(Selector({"app": "web", "n": 3}))
        assert [3] == more.chosen(Selector({"app": "web", "n": 3}))
        assert loose.crowded(Selector({"app": "web"}))
        assert MOST_MET == len(more.chosen(Selector({"app": "web"})))
