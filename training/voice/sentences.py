"""Everyday speech without a keyword: sentences, word groups and words that do not exist."""

import numpy as np

WORDS = {
    "person": "mother father sister brother doctor teacher driver neighbour child girl woman man friend worker engineer "
    "farmer visitor customer manager baker pilot captain student nurse player singer lawyer officer cousin uncle",
    "thing": "table chair window door lamp bottle hammer motor pump valve engine ladder bucket carpet pillow blanket "
    "kettle oven fridge shelf cupboard drawer pencil paper letter book picture camera phone radio cable battery sensor "
    "switch button wheel tyre bicycle tractor truck train ticket wallet jacket shoe glove hat ring watch clock candle "
    "knife spoon plate bowl basket box bag rope chain nail screw bolt brush broom shovel garden fence gate roof wall "
    "floor ceiling stair corridor elevator parcel mirror glass jar harvest service screen keyboard market",
    "place": "kitchen bathroom office factory warehouse hospital school station airport harbour village city mountain "
    "river valley forest beach island desert bridge tunnel museum library theatre bakery restaurant hotel workshop "
    "basement attic balcony street corner square park field meadow church castle tower",
    "food": "bread butter cheese apple orange banana lemon onion carrot potato tomato pepper chicken fish rice noodle "
    "soup salad sugar salt honey coffee tea milk juice water cake biscuit chocolate egg bacon sausage mushroom",
    "quality": "big small heavy light old new young early late warm cold hot dry wet clean dirty quiet loud bright dark "
    "smooth rough sharp soft hard strong weak rich poor cheap expensive careful nervous curious happy sad angry tired "
    "hungry thirsty busy empty full broken ready strange common simple difficult dangerous gentle golden silver wooden",
    "does": "opens closes carries brings takes lifts pushes pulls turns washes paints repairs measures watches follows "
    "finds loses buys sells builds breaks cuts cleans fills empties moves keeps leaves reaches touches throws catches "
    "covers checks starts stops changes orders counts weighs hides shows draws reads writes",
    "time": "today tomorrow yesterday tonight now later soon always never often sometimes usually again before lunch|after "
    "dinner|in the morning|in the evening|on monday|on tuesday|on wednesday|on thursday|on friday|at noon|at midnight|"
    "last week|next month|in january|in march|in summer|in winter|for three hours|since nine o'clock|every second day",
    "how": "quickly slowly quietly carefully suddenly gladly badly nearly really perhaps certainly together alone",
    "number": "one two three four five six seven eight nine ten eleven twelve thirteen twenty thirty forty fifty sixty "
    "seventy ninety hundred thousand",
    "small": "yes no stop go on off up down left right bird cat dog bed house tree wow hello okay thanks please sorry "
    "well maybe sure right good fine what where who why when how there here this that",
}  # fmt: skip
WORDS = {kind: text.split("|") if "|" in text else text.split() for kind, text in WORDS.items()}

FORMS = (
    "the {quality} {person} {does} the {thing} {time}",
    "{time} the {person} {does} {number} {thing}s in the {place}",
    "do you know whether the {person} {does} a {quality} {thing}?",
    "I think the {thing} in the {place} is {quality}",
    "could you {how} bring me the {thing} from the {place}?",
    "there were {number} {quality} {thing}s beside the {thing}",
    "my {person} said that the {food} was {quality}",
    "we had {food}, {food} and {food} {time}",
    "please put the {food} next to the {quality} {thing}",
    "the {person} from the {place} {how} {does} the {food}",
    "it is {number} {number} past {number}, and the {place} is still {quality}",
    "why is the {thing} so {quality}, {small}?",
    "she went to the {place} with her {person}, but he {does} the {thing}",
    "no, the {quality} one, behind the {place}",
    "when the {thing} is {quality}, the {person} {does} it {how}",
    "{small}, {small}, {small}",
    "turn {small} the {thing} in the {place}",
    "they {how} looked at the {quality} {place} and the {quality} {place}",
    "if nobody {does} the {thing}, it gets {quality} {time}",
    "the weather in the {place} was {quality} and {quality} {time}",
    "number {number} {number} {number} {number}",
    "what a {quality} {thing}!",
    "who {does} the {person}'s {thing} {time}?",
    "out of {number} {person}s, {number} are {quality}",
)

ONSETS = "b bl br ch d dr f fl fr g gl gr h j k kl kr l m n p pl pr r s sh sk sl sm sn sp st str t tr th v w y z".split()
NUCLEI = "a e i o u ai ea ee oa oo ow oy ar er or ir ay".split()
CODAS = ["", "", "", *"b ck d f g l m n ng nd nt p r s ss sh st t th v x z ld mp rk".split()]


def word(rng: np.random.Generator) -> str:
    kinds = list(WORDS)
    return str(rng.choice(WORDS[kinds[rng.integers(len(kinds))]]))


def word_group(rng: np.random.Generator) -> str:
    """One to four words; at times of words that do not exist, whose sounds are as mixed as they get."""
    make = invented_word if rng.random() < 0.4 else word
    return " ".join(make(rng) for _ in range(rng.integers(1, 5)))


def invented_word(rng: np.random.Generator) -> str:
    return "".join(f"{rng.choice(ONSETS)}{rng.choice(NUCLEI)}{rng.choice(CODAS)}" for _ in range(rng.integers(1, 4)))


def sentence(rng: np.random.Generator) -> str:
    form = str(rng.choice(FORMS))
    for kind, words in WORDS.items():
        while "{" + kind + "}" in form:
            form = form.replace("{" + kind + "}", str(rng.choice(words)), 1)
    return form
