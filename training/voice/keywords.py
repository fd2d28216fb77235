"""The words of the network: what it offers, what only teaches it to tell words apart, and what sounds alike."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Keyword:
    """A word, or words, that gets a class of its own."""

    label: str
    # As English voices should read it; each is drawn as often.
    spellings: tuple[str, ...]
    # Language of espeak-ng → what its letters make of the English sound.
    foreign: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Words that people say, sound alike and are none.
    confusable: tuple[str, ...] = ()


JARVIS = Keyword(
    "jarvis",
    ("jarvis", "jarvis!", "jarvis?", "jarvis,"),
    {
        "de": ("Dschawis", "Dscharwis"), "fr-fr": ("djarvisse",), "es": ("yarvis",), "es-419": ("yarvis",),
        "it": ("jarvis",), "nl": ("djarvis",), "pl": ("dżarwis",), "cs": ("džárvis",), "hu": ("dzsárvisz",),
        "tr": ("carvis",), "ro": ("gearvis",), "id": ("jarvis",), "ms": ("jarvis",), "sw": ("jarvis",),
        "cy": ("jarvis",), "pt-br": ("djárvis",), "da": ("jarvis",),
    },
    (
        "service", "harvest", "travis", "nervous", "jar", "jars", "java", "jersey", "javelin", "charming", "mavis",
        "davis", "garage", "carve this", "jealous", "jarring", "starving", "novice", "office", "justice", "paris",
        "jazz", "chargers", "harvey", "marvellous", "jasmine", "carver", "jaw", "this", "jar of his", "janice",
        "chalice", "tennis", "car wash", "target", "journey", "join us", "advice", "device", "job is", "yard is",
    ),
)  # fmt: skip

SMART_MIRROR = Keyword(
    "smart mirror",
    ("smart mirror", "smart mirror!", "smart mirror?", "smart, mirror"),
    {
        "de": ("smart mirrer", "smaht mirra"), "fr-fr": ("smarte mireur",), "es": ("esmart mírror",),
        "es-419": ("smart mírror",), "it": ("smart mirror",), "nl": ("smart mirrer",), "pl": ("smart mirror",),
        "cs": ("smart miror",), "hu": ("szmárt mirror",), "tr": ("smart mirrır",), "ro": ("smart miror",),
        "id": ("smart mirer",), "ms": ("smart mirror",), "sw": ("smart mirror",), "fi": ("smart mirror",),
        "cy": ("smart mirror",), "pt-br": ("smárt mírror",),
    },
    (
        "smart", "mirror", "smart phone", "start", "smart meter", "smart mayor", "mirrors", "small mirror", "nearer",
        "smarter", "dark mirror", "art", "heart", "miracle", "smart man", "start here", "my mirror", "smartest",
        "market error", "smile", "smart cover", "terror", "clearer", "smart mother", "my error", "march", "mark",
        "smart city", "the mirror", "some art", "mart", "nearest", "merit", "minor", "smart idea", "broken mirror",
    ),
)  # fmt: skip

SNOWBOY = Keyword(
    "snowboy",
    ("snowboy", "snow boy", "snowboy!", "snowboy?"),
    {
        "de": ("Snoboi", "Snouboi"), "fr-fr": ("snoboille",), "es": ("esnoboi",), "es-419": ("snouboi",),
        "it": ("snoboi",), "nl": ("snoboj",), "pl": ("snołboj",), "cs": ("snouboj",), "hu": ("sznóboj",),
        "tr": ("snovboy",), "ro": ("snoboi",), "id": ("snowboi",), "fi": ("snouboi",), "pt-br": ("snôubói",),
        "sw": ("snowboi",), "cy": ("snoboi",),
    },
    (
        "snow", "boy", "snow ball", "snow man", "no boy", "snowing", "low boy", "small boy", "cowboy", "snow bowl",
        "so boring", "snow boot", "slow boy", "enjoy", "annoy", "destroy", "playboy", "snow board", "show boys",
        "noble", "nobody", "snob", "avoid", "point", "boil", "old boy", "snow plough", "no bowl", "know by",
        "slow boat", "bell boy", "soy", "know", "toy", "employ", "snowy", "stove oil", "oboe",
    ),
)  # fmt: skip

VIEW_GLASS = Keyword(
    "view glass",
    ("view glass", "view glass!", "view glass?", "viewglass"),
    {
        "de": ("wju glas",), "fr-fr": ("viou glasse",), "es": ("viú glas",), "es-419": ("viú glas",),
        "it": ("viu glas",), "nl": ("vjoe glas",), "pl": ("wju glas",), "cs": ("vjú glás",), "hu": ("vjú glász",),
        "tr": ("vyu glas",), "fi": ("vjuu glaas",), "id": ("vyu glas",), "ro": ("viu glas",), "pt-br": ("viú glass",),
    },
    (
        "view", "glass", "few glasses", "glasses", "blue glass", "new glass", "view class", "you", "class", "grass",
        "a glass", "glad", "view point", "few", "review", "interview", "few classes", "the last", "the gas", "glance",
        "view plus", "new grass", "you guess", "hour glass", "through glass", "your class", "use gas", "you passed",
        "you laugh", "gloss", "two glasses", "fuel gas", "the view", "renew", "clue", "value", "views", "brass",
    ),
)  # fmt: skip

COMPUTER = Keyword(
    "computer",
    ("computer", "computer!", "computer?", "computer,"),
    {
        "de": ("Kompjuter",), "fr-fr": ("compiouteur",), "es": ("compiúter",), "es-419": ("compiúter",),
        "it": ("computer",), "nl": ("computer",), "pl": ("kompjuter",), "cs": ("kompjútr",), "hu": ("kompjúter",),
        "tr": ("kompyuter",), "fi": ("kompjuuter",), "id": ("kompyuter",), "ro": ("computer",), "sv": ("computer",),
        "da": ("computer",), "pt-br": ("compiúter",),
    },
    (
        "compute", "commuter", "computing", "compete", "competitor", "come", "company", "compare", "compost", "pewter",
        "confuse", "complete", "compound", "tutor", "scooter", "shooter", "router", "future", "neutral", "commute",
        "computation", "committee", "comfort", "pure", "come here", "command", "common", "compressor", "contribute",
        "dispute", "reputation", "come through", "companion", "competent", "consumer", "beauty", "cuter", "conductor",
    ),
)  # fmt: skip

ALEXA = Keyword(
    "alexa",
    ("alexa", "alexa!", "alexa?", "a lexa"),
    {language: ("alexa",) for language in ("de", "fr-fr", "es", "es-419", "it", "nl", "sv", "pl", "pt-br", "ro", "id")},
    ("alex", "alexander", "election", "electric", "a letter", "lexus", "election day", "relax", "elixir", "alaska"),
)

MARVIN = Keyword(
    "marvin",
    ("marvin", "marvin!", "marvin?"),
    {language: ("marvin",) for language in ("de", "es", "it", "nl", "pl", "cs", "tr", "id", "ro", "sw", "da")},
    ("margin", "martin", "marble", "carving", "marvel", "starving", "mining", "market", "arriving", "moving", "melvin"),
)

HEY_MACHINE = Keyword(
    "hey machine",
    ("hey machine", "hey, machine", "hey machine!"),
    {"de": ("hei mäschin",), "it": ("ei mascin",), "nl": ("heej mesjien",), "pl": ("hej maszin",), "cs": ("hej mašín",)},
    ("hey", "machine", "hey you", "a machine", "machines", "the machine", "hey mister", "may shine", "hey marie"),
)

# In the order of the network's classes; "none" comes behind them.
KEYWORDS = (JARVIS, SMART_MIRROR, SNOWBOY, VIEW_GLASS, COMPUTER, ALEXA, MARVIN, HEY_MACHINE)

# What the thresholds are for; the others are there to be told apart.
OFFERED = ("jarvis", "smart mirror", "snowboy", "view glass", "computer")

NONE = "none"


def own_keyword(text: str) -> Keyword:
    """A keyword that was named on the command line: English voices read it as it is written."""
    label = " ".join(text.lower().split())
    return Keyword(label, (label, f"{label}!", f"{label}?"))
