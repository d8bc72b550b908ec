"""What the report says, in English and French, and how each writes numbers. Knows no figures.

``WORDS`` holds both languages side by side, so that none can lack a sentence; the longer texts are
in ``engine.comparison.method_words``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.comparison.method_words import METHOD_WORDS

LANGUAGES = ("en", "fr")
NOTHING = "–"
HARD_SPACE, THIN_SPACE = "\u00a0", "\u202f"
MINUS = "−"

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Comparison of models", "Comparaison de modèles"),
    "of": ("{name}: comparison of models", "{name}\u00a0: comparaison de modèles"),
    # header
    "data": ("Data set", "Jeu de données"),
    "counts": ("Pictures tested on", "Images de test"),
    "counts_value": (
        "{n} ({good} good, {defect} defective), of which {pixel} with known pixels, "
        "{regions} defect regions",
        "{n} ({good} bonnes, {defect} défectueuses), dont {pixel} annotées par pixel, "
        "{regions} régions défectueuses",
    ),
    "subsets": ("Pictures by subset", "Images par sous-ensemble"),
    "train": ("training", "apprentissage"),
    "calibration": ("validation", "validation"),
    "held_out": ("test", "test"),
    "test": ("test", "test"),
    "protocol": ("Protocol", "Protocole"),
    "supervised": (
        "supervised: one division of all labelled pictures for all models",
        "supervisé\u00a0: une même division de toutes les images annotées pour tous les modèles",
    ),
    "one-class": (
        "one-class: trained on good pictures, tested on the data set's test folder",
        "une classe\u00a0: entraîné sur des images bonnes, testé sur le dossier test du jeu",
    ),
    "split": ("Division", "Division"),
    "split_value": ("sha256 {hash}, seed {seed}", "sha256 {hash}, graine {seed}"),
    "seeds": ("Seeds", "Graines"),
    "date": ("Date", "Date"),
    "commit": ("Program version", "Version du programme"),
    "device": ("Device", "Matériel"),
    "device_value": (
        "trained on {trained}; evaluated on {evaluated}",
        "entraîné sur {trained}\u00a0; évalué sur {evaluated}",
    ),
    "command": ("Command", "Commande"),
    "unknown": ("unknown", "inconnue"),
    # sections
    "summary": ("Result", "Résultat"),
    "figures": ("Figures", "Figures"),
    "failed": ("Runs that failed or are missing", "Exécutions échouées ou absentes"),
    "method": ("How it was measured", "Méthode de mesure"),
    # tables
    "table.composite": ("Composite score", "Score composite"),
    "table.scenarios": ("Ranking by scenario", "Classement par scénario"),
    "table.weights": ("Weights of the scenarios", "Poids des scénarios"),
    "table.binary": ("Good or defective", "Bon ou défectueux"),
    "table.multiclass": ("Which defect it is", "Nature du défaut"),
    "table.classes": ("Answers by class", "Réponses par classe"),
    "table.pixel": ("Where the defect is", "Localisation du défaut"),
    "table.types": ("By defect type", "Par type de défaut"),
    "table.verdicts": ("Verdicts of the station", "Verdicts du poste"),
    "table.calibration": ("Confidence before and after", "Confiance avant et après"),
    "table.cost": ("Cost", "Coût"),
    "table.runs": ("Runs", "Exécutions"),
    # columns
    "model": ("Model", "Modèle"),
    "class": ("Class", "Classe"),
    "type": ("Defect type", "Type de défaut"),
    "images": ("Pictures", "Images"),
    "score": ("Composite", "Composite"),
    "behind": ("Behind the first by", "Retard sur le premier"),
    "rank": ("Rank", "Rang"),
    "auroc": ("AUROC", "AUROC"),
    "f1": ("F1", "F1"),
    "precision": ("Precision", "Précision"),
    "recall": ("Recall", "Rappel"),
    "specificity": ("Specificity", "Spécificité"),
    "accuracy": ("Accuracy", "Exactitude"),
    "ap": ("AP", "AP"),
    "f1_max": ("F1-max", "F1-max"),
    "pro": ("PRO", "PRO"),
    "iou": ("IoU", "IoU"),
    "dice": ("Dice", "Dice"),
    "aupro": ("AUPRO@0.3", "AUPRO@0,3"),
    "pixel_auroc": ("Pixel AUROC", "AUROC pixels"),
    "pixel_ap": ("Pixel AP", "AP pixels"),
    "pixel_f1_max": ("Pixel F1-max", "F1-max pixels"),
    "pixel_precision": ("Pixel precision", "Précision pixels"),
    "pixel_recall": ("Pixel recall", "Rappel pixels"),
    "auroc_multi": ("Class AUROC", "AUROC classes"),
    "auroc_ovr_macro": ("AUROC, one against the rest", "AUROC, un contre tous"),
    "f1_macro": ("F1, macro", "F1 macro"),
    "f1_weighted": ("F1, weighted", "F1 pondéré"),
    "support": ("Support", "Effectif"),
    "named": ("Named rightly", "Bien nommé"),
    "escape": ("Escape: defects called OK", "Non-détections\u00a0: défauts jugés OK"),
    "overkill": ("Overkill: good parts called NG", "Faux rebuts\u00a0: bonnes jugées REBUT"),
    "good_not_ok": ("Good parts NG or REVIEW", "Bonnes jugées REBUT ou À REVOIR"),
    "review": ("All parts sent to REVIEW", "Pièces mises À REVOIR"),
    "said": ("OK / REVIEW / NG", "OK / À REVOIR / REBUT"),
    "calibrated_on": ("Limits set on", "Limites réglées sur"),
    "calibrated_value": ("{goods} good, {defects} defective", "{goods} bonnes, {defects} déf."),
    "answer": ("Answer", "Réponse"),
    "binary": ("defective", "défectueux"),
    "classes": ("class", "classe"),
    "temperature": ("Temperature", "Température"),
    "nll": ("NLL", "NLL"),
    "brier": ("Brier", "Brier"),
    "ece": ("ECE", "ECE"),
    "parameters": ("Parameters (M)", "Paramètres (M)"),
    "bank": ("+ {count} M in the bank", "+ {count} M en mémoire"),
    "gflops": ("GFLOPs", "GFLOPs"),
    "input_size": ("Input (px)", "Entrée (px)"),
    "peak_memory": ("Peak memory (MB)", "Pic mémoire (Mo)"),
    "s_per_epoch": ("s/epoch", "s/époque"),
    "training_s": ("Training (s)", "Apprentissage (s)"),
    "latency": ("Latency, batch 1 (ms)", "Latence, lot de 1 (ms)"),
    "ms": ("ms", "ms"),
    "fps": ("Pictures/s, batch 1", "Images/s, lot de 1"),
    "throughput": ("Pictures/s, best batch", "Images/s, meilleur lot"),
    "batch": ("batch {batch}", "lot de {batch}"),
    "openvino": ("OpenVINO, CPU (ms)", "OpenVINO, CPU (ms)"),
    "seed": ("Seed", "Graine"),
    "status": ("State", "État"),
    "epochs": ("Epochs", "Époques"),
    "best_epoch": ("Best", "Meilleure"),
    "stopped": ("Ended by", "Fin"),
    "seconds": ("Training (s)", "Apprentissage (s)"),
    "done": ("done", "faite"),
    "skipped": ("done before", "faite auparavant"),
    "missing": ("not done yet", "pas encore faite"),
    "status.failed": ("failed", "échouée"),
    "early_stop": ("early stop", "arrêt anticipé"),
    "loss_not_finite": ("loss not finite", "perte non finie"),
    "epochs_done": ("all epochs", "toutes les époques"),
    "reason": ("Reason (as the program gave it)", "Raison (message du programme, en anglais)"),
    # scenarios
    "specification": ("Specification", "Cahier des charges"),
    "recall_first": ("Recall first", "Rappel d'abord"),
    "precision_first": ("Precision first", "Précision d'abord"),
    "localisation_first": ("Localisation first", "Localisation d'abord"),
    # in cells and lists
    "and": ("; ", "\u00a0; "),
    "pair": ("{name}: {value}", "{name}\u00a0: {value}"),
    "n": ("n\u00a0=\u00a0{n}", "n\u00a0=\u00a0{n}"),
    "first": ("first", "premier"),
    "no_head": ("0, no class head", "0, sans tête de classes"),
    "no_interval": ("no interval", "sans intervalle"),
    # result
    "result.winner": (
        "{model} has the highest composite score, {score}, over {seeds} seeds and {n} test "
        "pictures.",
        "{model} a le meilleur score composite, {score}, sur {seeds} graines et {n} images de "
        "test.",
    ),
    "result.single_seed": (
        "{model} has the highest composite score, {score}, with one seed on {n} test pictures; "
        "nothing says what another seed would give.",
        "{model} a le meilleur score composite, {score}, avec une seule graine sur {n} images de "
        "test\u00a0; rien ne dit ce que donnerait une autre graine.",
    ),
    "result.certain": (
        "It is ahead of {second} by {gap} {interval}: the interval, over pictures and seeds, does "
        "not hold 0.",
        "Il devance {second} de {gap} {interval}\u00a0: l'intervalle, sur les images et les "
        "graines, ne contient pas 0.",
    ),
    "result.saturated": (
        "One of the two makes the same score on every resample; the interval knows nothing of "
        "pictures that would be harder, and is too narrow.",
        "L'un des deux a le même score à chaque rééchantillonnage\u00a0; l'intervalle ignore les "
        "images qui seraient plus difficiles et il est trop étroit.",
    ),
    "result.uncertain": (
        "It is ahead of {second} by {gap} {interval}: the interval holds 0, so that these pictures "
        "and seeds do not settle which of the two is better.",
        "Il devance {second} de {gap} {interval}\u00a0: l'intervalle contient 0, ces images et ces "
        "graines ne départagent donc pas les deux.",
    ),
    "result.no_interval": (
        "It is ahead of {second} by {gap}; there is no interval for this difference.",
        "Il devance {second} de {gap}\u00a0; cette différence n'a pas d'intervalle.",
    ),
    "result.alone": (
        "There is no other model with a composite score to compare it with.",
        "Aucun autre modèle n'a de score composite auquel le comparer.",
    ),
    "result.none": (
        "No model has a composite score on these pictures; the tables say what is missing.",
        "Aucun modèle n'a de score composite sur ces images\u00a0; les tableaux disent ce qui "
        "manque.",
    ),
    "result.all_scenarios": (
        "It comes first in all sensitivity scenarios.",
        "Il est premier dans tous les scénarios de sensibilité.",
    ),
    "result.scenarios": (
        "First in the sensitivity scenarios: {list}.",
        "Premiers dans les scénarios de sensibilité\u00a0: {list}.",
    ),
    "result.failed": (
        "{count} of {total} runs have no result; see below.",
        "{count} exécutions sur {total} n'ont pas de résultat\u00a0; voir plus bas.",
    ),
    "result.devices": (
        "The runs were made on different devices; their costs cannot be compared.",
        "Les exécutions viennent de matériels différents\u00a0; leurs coûts ne se comparent pas.",
    ),
    # figures
    "figure.roc": ("ROC curves", "Courbes ROC"),
    "figure.roc_alt": (
        "ROC curves of all models, true-positive over false-positive rate",
        "Courbes ROC de tous les modèles, taux de vrais positifs selon celui de faux positifs",
    ),
    "figure.roc_note": (
        "Mean over the seeds of the true-positive rate at each false-positive rate. {n} pictures.",
        "Moyenne sur les graines du taux de vrais positifs à chaque taux de faux positifs. {n} "
        "images.",
    ),
    "figure.roc_band": (
        "The bands are from the lowest to the highest seed.",
        "Les bandes vont de la graine la plus basse à la plus haute.",
    ),
    "fpr": ("False-positive rate", "Taux de faux positifs"),
    "tpr": ("True-positive rate", "Taux de vrais positifs"),
    "figure.confusion": ("Confusion matrices", "Matrices de confusion"),
    "figure.confusion_alt": ("Confusion matrix of {model}", "Matrice de confusion de {model}"),
    "figure.confusion_note": (
        "Shares of each row, and counts summed over the seeds ({seeds} × {n} pictures). Models "
        "without a class head have none.",
        "Parts de chaque ligne, et effectifs additionnés sur les graines ({seeds} × {n} images). "
        "Les modèles sans tête de classes n'en ont pas.",
    ),
    "truth": ("Truth", "Vérité"),
    "figure.examples": ("Segmentation examples", "Exemples de segmentation"),
    "figure.examples_note": (
        "Seed {seed}. Maps in viridis from 0 to each model's full scale; the white line is the "
        "model's region threshold. The first pictures of each class by name: none was chosen for "
        "its result.",
        "Graine {seed}. Cartes en viridis de 0 à la pleine échelle de chaque modèle\u00a0; la "
        "ligne blanche est son seuil de région. Premières images de chaque classe par nom\u00a0: "
        "aucune n'est choisie pour son résultat.",
    ),
    "picture": ("Picture", "Image"),
    "mask": ("Mask", "Masque"),
    "mask_unknown": ("not known", "inconnu"),
    "map_alt": ("Anomaly map of {model} for {picture}", "Carte d'anomalie de {model}, {picture}"),
    "picture_alt": ("Picture {picture}", "Image {picture}"),
    "mask_alt": ("Defect mask of {picture}", "Masque du défaut, {picture}"),
    "figure.reliability": ("Reliability diagrams", "Diagrammes de fiabilité"),
    "figure.reliability_alt": (
        "Reliability diagram of {model}, before and after temperature scaling",
        "Diagramme de fiabilité de {model}, avant et après réglage de la température",
    ),
    "figure.reliability_note": (
        "Test pictures of seed {seed}. Above: the share of defects among the pictures of a bin, "
        "with its 95\u00a0% interval, over the chance of a defect that the model gave them; on the "
        "dotted line the confidence is honest. Below: the pictures in each of {bins} bins. Models "
        "whose score is no probability have none.",
        "Images de test de la graine {seed}. En haut\u00a0: la part de défauts parmi les images "
        "d'une classe, avec son intervalle à 95\u00a0%, selon la probabilité de défaut annoncée "
        "par le modèle\u00a0; sur la ligne pointillée, la confiance est juste. En bas\u00a0: les "
        "images dans chacune des {bins} classes. Les modèles dont le score n'est pas une "
        "probabilité n'en ont pas.",
    ),
    "reliability.before": ("before scaling", "avant réglage"),
    "reliability.after": ("after, T\u00a0=\u00a0{t}", "après, T\u00a0=\u00a0{t}"),
    "chance": ("Chance given", "Probabilité annoncée"),
    "share_defective": ("Share of defects", "Part de défauts"),
    "figure.learning": ("Learning curves", "Courbes d'apprentissage"),
    "figure.learning_alt": ("Learning curves of {model}", "Courbes d'apprentissage de {model}"),
    "figure.learning_note": (
        "Losses (left scale) and F1 (right scale) on validation pictures, one line a seed. Models "
        "without epochs or steps, such as a patch memory, have none.",
        "Pertes (échelle de gauche) et F1 (échelle de droite) sur les images de validation, une "
        "ligne par graine. Les modèles sans époques ni pas, comme une mémoire de patchs, n'en ont "
        "pas.",
    ),
    "epoch": ("Epoch", "Époque"),
    "step": ("Step", "Pas"),
    "train_loss": ("training loss", "perte d'apprentissage"),
    "validation_loss": ("validation loss", "perte de validation"),
    "validation_f1": ("validation F1", "F1 de validation"),
    "loss": ("Loss", "Perte"),
    "figure.tsne": ("t-SNE of the embeddings", "t-SNE des représentations"),
    "figure.tsne_alt": (
        "t-SNE of the embeddings of {model}, coloured by class",
        "t-SNE des représentations de {model}, colorées par classe",
    ),
    "figure.tsne_note": (
        "Test pictures of seed {seed}, at most {most}, coloured by class. Distances within one "
        "picture mean little; look whether classes stand apart.",
        "Images de test de la graine {seed}, {most} au plus, colorées par classe. Les distances "
        "disent peu\u00a0; on regarde si les classes se séparent.",
    ),
    **METHOD_WORDS,
}


class Words:
    """One language's sentences and numbers."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._column = LANGUAGES.index(language)

    def __call__(self, key: str, **values: Any) -> str:
        """The sentence of a key with its values put in. Raises KeyError."""
        text = WORDS[key][self._column]
        return text.format(**values) if values else text

    def number(self, value: float | None, digits: int = 3) -> str:
        """A number with so many decimals; a dash for none."""
        if value is None or not math.isfinite(value):
            return NOTHING
        text = f"{value:,.{digits}f}".replace("-", MINUS)
        if self.language == "fr":
            return text.replace(",", THIN_SPACE).replace(".", ",")
        return text

    @property
    def percent_sign(self) -> str:
        """What follows a percentage."""
        return f"{HARD_SPACE}%" if self.language == "fr" else "%"

    def interval(self, low: float, high: float, digits: int = 3) -> str:
        """Bounds in brackets."""
        space = HARD_SPACE  # so that an interval stays on one line
        separator = f"{space};{space}" if self.language == "fr" else f",{space}"
        return f"[{self.number(low, digits)}{separator}{self.number(high, digits)}]"

    def spread(self, figure: Mapping[str, Any], digits: int = 3) -> str:
        """Mean ± standard deviation over the seeds."""
        mean = self.number(figure["mean"], digits)
        if figure["mean"] is None or figure["sd"] is None:
            return mean
        return f"{mean}{HARD_SPACE}±{HARD_SPACE}{self.number(figure['sd'], digits)}"

    def date(self, iso: str) -> str:
        """A moment in UTC."""
        moment = datetime.fromisoformat(iso)
        form = "%d/%m/%Y %H:%M UTC" if self.language == "fr" else "%Y-%m-%d %H:%M UTC"
        return moment.strftime(form)
