"""The report's longer texts, in English and French: notes below tables, and the method."""

from __future__ import annotations

METHOD_WORDS: dict[str, tuple[str, str]] = {
    "note.figures": (
        "Mean ± standard deviation over the seeds; below it the 95 % interval and the number n of "
        "pictures behind each run's figure.",
        "Moyenne ± écart-type sur les graines\u00a0; dessous l'intervalle à 95\u00a0% et le nombre "
        "n d'images derrière chaque chiffre d'une exécution.",
    ),
    "note.no_head": (
        "No class head: the class AUROC counts as 0 in the composite score ({models}).",
        "Sans tête de classes\u00a0: l'AUROC des classes compte pour 0 dans le score composite "
        "({models}).",
    ),
    "note.composite": (
        "Composite = 0.30 · AUROC + 0.20 · F1 + 0.15 · recall + 0.25 · PRO + 0.10 · class AUROC. "
        "Intervals of scores and of differences are from {resamples} resamples of pictures (the "
        "same for all models) and seeds.",
        "Composite = 0,30 · AUROC + 0,20 · F1 + 0,15 · rappel + 0,25 · PRO + 0,10 · AUROC des "
        "classes. Les intervalles des scores et des différences viennent de {resamples} "
        "rééchantillonnages des images (les mêmes pour tous les modèles) et des graines.",
    ),
    "note.unpaired": (
        "The models were not all measured on the same pictures, so that scores and differences "
        "have no interval.",
        "Les modèles n'ont pas tous été mesurés sur les mêmes images\u00a0; scores et différences "
        "n'ont donc pas d'intervalle.",
    ),
    "note.frozen": (
        "F1, precision, recall, specificity and accuracy are at each model's own threshold, frozen "
        "on validation pictures (Youden's optimum there; the OK limit for models without one). "
        "AUROC, AP and F1-max need no threshold; F1-max is the best of all thresholds on the test "
        "pictures, for information.",
        "F1, précision, rappel, spécificité et exactitude sont au seuil propre de chaque modèle, "
        "figé sur les images de validation (l'optimum de Youden y est retenu\u00a0; la limite OK "
        "pour les modèles sans seuil). AUROC, AP et F1-max n'ont pas besoin de seuil\u00a0; F1-max "
        "est le meilleur de tous les seuils sur les images de test, pour information.",
    ),
    "note.answers": (
        "A picture's class is read in two steps: good up to the frozen threshold of its score, the "
        "likeliest defect above it. Only the class AUROC is of the probabilities themselves.",
        "La classe d'une image se lit en deux temps\u00a0: bonne jusqu'au seuil figé de son score, "
        "au-delà le défaut le plus probable. Seule l'AUROC des classes porte sur les probabilités "
        "elles-mêmes.",
    ),
    "note.pixel": (
        "PRO, IoU, Dice, precision and recall are at the region threshold frozen on validation "
        "pictures, over {pictures} pictures with {regions} defect regions. AUPRO@0.3 is the area "
        "under per-region overlap up to 30 % false-positive pixels: another number than PRO.",
        "PRO, IoU, Dice, précision et rappel sont au seuil de région figé sur les images de "
        "validation, sur {pictures} images et {regions} régions défectueuses. AUPRO@0,3 est l'aire "
        "sous le recouvrement par région jusqu'à 30\u00a0% de faux positifs parmi les pixels\u00a0:"
        " ce n'est pas PRO.",
    ),
    "note.types": (
        "Each type is told from the good pictures; other types stand aside.",
        "Chaque type est distingué des images bonnes\u00a0; les autres types sont mis de côté.",
    ),
    "note.verdicts": (
        "What the station would have said, REVIEW included. Rates are promised to somebody, so "
        "that each run's interval is Clopper and Pearson's. Counts are summed over the seeds.",
        "Ce que le poste aurait dit, À REVOIR compris. Ces taux sont promis à quelqu'un\u00a0: "
        "l'intervalle de chaque exécution est celui de Clopper et Pearson. Les effectifs sont "
        "additionnés sur les graines.",
    ),
    "note.contradicted": (
        "Measured above what was stated for it: {list}.",
        "Mesuré au-dessus du taux annoncé\u00a0: {list}.",
    ),
    "note.contradicted_item": (
        "{model}, {side} in {count} of {seeds} runs",
        "{model}, {side} dans {count} exécutions sur {seeds}",
    ),
    "escape_side": ("escape", "non-détections"),
    "overkill_side": ("overkill", "faux rebuts"),
    "note.calibration": (
        "Before → after temperature scaling, which is fitted on validation pictures and measured "
        "here on test pictures. Lower is better. Models whose score is a distance have none.",
        "Avant → après la mise à l'échelle par température, ajustée sur les images de validation "
        "et mesurée ici sur les images de test. Plus bas est mieux. Les modèles dont le score est "
        "une distance n'en ont pas.",
    ),
    "note.cost": (
        "GFLOPs for one picture of the model's size, a multiply-add counting two (published "
        "figures often count it as one), map included. Latency and throughput on {device}, in "
        "torch, float32, from pixels on the host to all outputs on the host, median; OpenVINO from "
        "pixels to the verdict. Peak memory of training: allocated on the GPU, or all of this "
        "process on a CPU. s/epoch is empty for models that have no epochs.",
        "GFLOPs pour une image à la taille du modèle, une multiplication-addition comptant pour "
        "deux (les chiffres publiés la comptent souvent pour une), carte comprise. Latence et "
        "débit sur {device}, avec torch, en float32, des pixels en mémoire centrale à toutes les "
        "sorties en mémoire centrale, médiane\u00a0; OpenVINO des pixels au verdict. Pic mémoire "
        "de l'apprentissage\u00a0: alloué sur le GPU, ou tout ce processus sur un CPU. s/époque "
        "est vide pour les modèles sans époques.",
    ),
    "note.resumed": (
        "{count} trainings were interrupted and gone on with; their time and memory are left out.",
        "{count} apprentissages ont été interrompus puis repris\u00a0; leur durée et leur mémoire "
        "sont laissées de côté.",
    ),
    "method.split": (
        "All models and seeds share one division of the pictures: they are trained, validated and "
        "tested on the same ones. Models that learn from good parts alone take the good pictures "
        "of the training part. Exact duplicates and pictures of one part are never divided.",
        "Tous les modèles et toutes les graines partagent une même division des images\u00a0: ils "
        "apprennent, sont validés et testés sur les mêmes. Les modèles qui apprennent des seules "
        "pièces bonnes prennent les images bonnes de la partie d'apprentissage. Doublons exacts et "
        "images d'une même pièce ne sont jamais séparés.",
    ),
    "method.one_class": (
        "Models learn from the good training pictures alone, a share of which is held back for "
        "validation; they are tested on the data set's own test folder.",
        "Les modèles apprennent des seules images bonnes d'apprentissage, dont une part est "
        "réservée à la validation\u00a0; ils sont testés sur le dossier test du jeu de données.",
    ),
    "method.test": (
        "Nothing is chosen on the test pictures: weights, thresholds, limits and temperatures come "
        "from training and validation pictures.",
        "Rien n'est choisi sur les images de test\u00a0: poids, seuils, limites et températures "
        "viennent des images d'apprentissage et de validation.",
    ),
    "method.interval": (
        "Intervals of means join two independent sources by their squares: the runs' own 95 % "
        "intervals over pictures (Wilson, Clopper and Pearson, Newcombe, or bootstrap), and "
        "Student's interval over the seeds. They do not shrink below what the number of pictures "
        "allows, however many seeds there are. With few seeds Student's part is wide.",
        "Les intervalles des moyennes joignent par leurs carrés deux sources indépendantes\u00a0: "
        "les intervalles à 95\u00a0% de chaque exécution sur les images (Wilson, Clopper et "
        "Pearson, Newcombe ou bootstrap), et celui de Student sur les graines. Ils ne descendent "
        "pas sous ce que permet le nombre d'images, quel que soit le nombre de graines. Avec peu "
        "de graines, la part de Student est large.",
    ),
    "method.versions": ("Versions: {list}.", "Versions\u00a0: {list}."),
    "method.problems": (
        "{count} remarks on the data; the first (as the program gave it):",
        "{count} remarques sur les données\u00a0; la première (message du programme, en "
        "anglais)\u00a0:",
    ),
}
