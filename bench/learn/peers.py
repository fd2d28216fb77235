"""
Learners of scikit-learn and torch, for bench/learn.ts to compare ours with: one JSON object a line comes in, one goes out.

  {"do": "hello"}                                  -> {"python": "3.11.7", "modules": {"sklearn": "1.9.1", ...}, "peers": [...]}
  {"do": "data", "task": TASK, "folder": FOLDER, ...}  reads x, target and test rows
  {"do": "fit", "peer": NAME, "options": ..., "seed": N}   -> {"us": what it took, "passes": of a network}
  {"do": "answers"}                                -> {"answers": [...]}: of the last model, for the rows held out
  {"do": "time", "count": N}                       -> {"us": what N rows took, one by one}

The options are those of our learners, so that the settings are equal. Time is taken here, without the pipe.
"""
import importlib
import json
import platform
import sys
import time
import warnings

import numpy as np

warnings.simplefilter("ignore")
modules = {"numpy": np.__version__}
for name in ("sklearn", "torch"):
    try:
        modules[name] = importlib.import_module(name).__version__
    except ImportError:
        pass

sk = "sklearn" in modules
if sk:
    from sklearn.cluster import KMeans
    from sklearn.covariance import MinCovDet
    from sklearn.decomposition import PCA
    from sklearn.ensemble import IsolationForest, RandomForestClassifier, RandomForestRegressor
    from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, RidgeCV
    from sklearn.mixture import GaussianMixture
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor, NearestNeighbors
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeClassifier
if "torch" in modules:
    import torch

    torch.set_num_threads(1)

data = {}


def scaled(x):
    scaler = StandardScaler().fit(x)
    return scaler, scaler.transform(x)


# Each fits and returns what answers rows: scores, probabilities of class 1, or values.


def pca(x, y, o, seed):
    scaler, z = scaled(x)
    model = PCA(n_components=o["components"] or o["variance"]).fit(z)

    def t2_q(z):
        t = model.transform(z)
        return (t * t / model.explained_variance_).sum(1), ((z - model.inverse_transform(t)) ** 2).sum(1)

    limits = [np.quantile(part, 0.95) for part in t2_q(z)]
    return lambda rows: sum(part / limit for part, limit in zip(t2_q(scaler.transform(rows)), limits))


def kmeans(x, y, o, seed):
    scaler, z = scaled(x)
    model = KMeans(o["clusters"], n_init=o["restarts"], max_iter=100, random_state=seed).fit(z)
    distances = model.transform(z)
    reach = np.array([distances[model.labels_ == k, k].max() for k in range(o["clusters"])])
    return lambda rows: (model.transform(scaler.transform(rows)) - reach).min(1)


def mahalanobis(x, y, o, seed):
    scaler, z = scaled(x)
    model = MinCovDet(support_fraction=o["trusted"], random_state=seed).fit(z)
    return lambda rows: model.mahalanobis(scaler.transform(rows))


def gmm(x, y, o, seed):
    scaler, z = scaled(x)
    kind = {"full": "full", "diagonal": "diag"}[o["covariance"]]
    model = GaussianMixture(o["components"], covariance_type=kind, tol=1e-4, reg_covar=1e-4, max_iter=200, random_state=seed)
    model.fit(z)
    return lambda rows: -model.score_samples(scaler.transform(rows))


def knn_anomaly(x, y, o, seed):
    scaler, z = scaled(x)
    model = NearestNeighbors(n_neighbors=o["neighbours"]).fit(z)
    return lambda rows: model.kneighbors(scaler.transform(rows))[0].mean(1)


def isolation_forest(x, y, o, seed):
    model = IsolationForest(n_estimators=o["trees"], max_samples=o["subSample"], random_state=seed).fit(x)
    return lambda rows: -model.score_samples(rows)


def classes(model, x, y, scale=False):
    scaler, z = scaled(x) if scale else (None, x)
    model.fit(z, y)
    return lambda rows: model.predict_proba(scaler.transform(rows) if scale else rows)[:, 1]


def values(model, x, y, scale=False):
    scaler, z = scaled(x) if scale else (None, x)
    model.fit(z, y)
    return lambda rows: model.predict(scaler.transform(rows) if scale else rows)


def balanced(o):
    return "balanced" if o["balanced"] else None


def weights(o):
    return "distance" if o["weighted"] else "uniform"


def network(layers, loss, o, x, target, seed, decay=0.0, rate=3e-3, batch=32):
    """As one would write it: eager, Adam, batches from a shuffled order."""
    torch.manual_seed(seed)
    model = torch.nn.Sequential(*layers)
    make = torch.optim.AdamW if decay else torch.optim.Adam
    optimiser = make(model.parameters(), lr=rate, **({"weight_decay": decay} if decay else {}))
    for _ in range(o["passes"]):
        order = torch.randperm(len(x))
        for part in order.split(batch):
            optimiser.zero_grad()
            loss(model(x[part]), target[part]).backward()
            optimiser.step()
    return model.eval()


def tensors(x):
    mean, deviation = x.mean(0), x.std(0)
    return lambda rows: torch.from_numpy(((rows - mean) / deviation).astype(np.float32))


def autoencoder(x, y, o, seed):
    n = x.shape[1]
    wide = max(2, -(-2 * n // 3))
    code = min(o["code"] or -(-n // 6), wide)
    Linear, Tanh = torch.nn.Linear, torch.nn.Tanh
    layers = [Linear(n, wide), Tanh(), Linear(wide, code), Tanh(), Linear(code, wide), Tanh(), Linear(wide, n)]
    scale = tensors(x)
    z = scale(x)
    model = network(layers, torch.nn.functional.mse_loss, o, z, z, seed)

    def answer(rows):
        with torch.no_grad():
            z = scale(rows)
            return ((model(z) - z) ** 2).mean(1).numpy()

    return answer


def hidden(x, o, outputs):
    sizes = [x.shape[1]] + [o["width"]] * o["layers"]
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(a, b), torch.nn.ReLU()]
    return layers + [torch.nn.Linear(sizes[-1], outputs)]


def mlp(x, y, o, seed):
    scale = tensors(x)
    count = int(y.max()) + 1
    weight = torch.tensor(len(y) / (count * np.bincount(y)), dtype=torch.float32) if o["balanced"] else None
    model = network(
        hidden(x, o, count), torch.nn.CrossEntropyLoss(weight), o, scale(x), torch.from_numpy(y.astype(np.int64)), seed, 0.3
    )

    def answer(rows):
        with torch.no_grad():
            return model(scale(rows)).softmax(1)[:, 1].numpy()

    return answer


def mlp_values(x, y, o, seed):
    scale = tensors(x)
    mean, deviation = y.mean(), y.std()
    target = torch.from_numpy(((y - mean) / deviation).astype(np.float32))[:, None]
    model = network(hidden(x, o, 1), torch.nn.functional.mse_loss, o, scale(x), target, seed, 0.3)

    def answer(rows):
        with torch.no_grad():
            return model(scale(rows))[:, 0].numpy() * deviation + mean

    return answer


peers = {}
if sk:
    peers |= {
        "anomaly pca": pca,
        "anomaly kmeans": kmeans,
        "anomaly mahalanobis": mahalanobis,
        "anomaly gmm": gmm,
        "anomaly knn": knn_anomaly,
        "anomaly isolation-forest": isolation_forest,
        "class logistic": lambda x, y, o, seed: classes(
            LogisticRegression(C=o["freedom"], class_weight=balanced(o), max_iter=1000), x, y, scale=True
        ),
        "class knn": lambda x, y, o, seed: classes(KNeighborsClassifier(o["neighbours"], weights=weights(o)), x, y, scale=True),
        "class decision-tree": lambda x, y, o, seed: classes(
            DecisionTreeClassifier(
                max_depth=o["maxDepth"], min_samples_leaf=o["minLeaf"], class_weight=balanced(o), random_state=seed
            ),
            x, y,
        ),
        "class random-forest": lambda x, y, o, seed: classes(
            RandomForestClassifier(
                n_estimators=o["trees"], max_depth=o["maxDepth"], min_samples_leaf=o["minLeaf"],
                max_features=o["tried"] or "sqrt", class_weight=balanced(o), random_state=seed,
            ),
            x, y,
        ),
        "value linear": lambda x, y, o, seed: values(LinearRegression(), x, y, scale=True),
        "value ridge": lambda x, y, o, seed: values(
            Ridge(o["alpha"]) if o["alpha"] else RidgeCV(np.logspace(-3, 4, 15)), x, y, scale=True
        ),
        "value random-forest": lambda x, y, o, seed: values(
            RandomForestRegressor(
                n_estimators=o["trees"], max_depth=o["maxDepth"], min_samples_leaf=o["minLeaf"],
                max_features=o["tried"] or -(-x.shape[1] // 3), random_state=seed,
            ),
            x, y,
        ),
        "value knn": lambda x, y, o, seed: values(KNeighborsRegressor(o["neighbours"], weights=weights(o)), x, y, scale=True),
    }
if "torch" in modules:
    peers |= {"anomaly autoencoder": autoencoder, "class mlp": mlp, "value mlp": mlp_values}


def read(folder, name, kind, columns=None):
    array = np.fromfile(f"{folder}/{name}", dtype=kind)
    return array.reshape(-1, columns) if columns else array


def handle(request):
    what = request["do"]
    if what == "hello":
        return {"python": platform.python_version(), "modules": modules, "peers": list(peers)}
    if what == "data":
        folder, columns = request["folder"], request["columns"]
        data["x"] = read(folder, "x", "<f4", columns)
        data["test"] = read(folder, "test", "<f4", columns)
        data["y"] = {"anomaly": lambda: None, "class": lambda: read(folder, "y", "<i4"), "value": lambda: read(folder, "y", "<f8")}[
            request["task"]
        ]()
        return {}
    if what == "fit":
        started = time.perf_counter()
        data["model"] = peers[request["peer"]](data["x"], data["y"], request["options"], request["seed"])
        return {"us": (time.perf_counter() - started) * 1e6}
    if what == "answers":
        return {"answers": [float(v) for v in data["model"](data["test"])]}
    if what == "time":
        model, test = data["model"], data["test"]
        rows = [test[i % len(test)][None] for i in range(request["count"])]
        started = time.perf_counter()
        for row in rows:
            model(row)
        return {"us": (time.perf_counter() - started) * 1e6}
    raise ValueError(what)


for line in sys.stdin:
    try:
        answer = handle(json.loads(line))
    except Exception as error:  # Told to the benchmark, which ends with it.
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
