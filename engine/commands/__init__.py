"""One module per command. Imports none of them, so that a command loads only what it needs."""

# command on the line: (module in this package, one-line help)
COMMANDS: dict[str, tuple[str, str]] = {
    "teach": ("teach", "Teach a model from pictures of good parts."),
    "train": ("train", "Train any model, with labelled defects or from good parts alone."),
    "evaluate": ("evaluate", "Measure a model on labelled pictures."),
    "compare": ("compare", "Train and measure models side by side, and write a report."),
    "label-curve": ("label_curve", "Measure what more expert labels bring."),
    "predict": ("predict", "Judge pictures or folders of pictures."),
    "export": ("export", "Write a model as one ONNX file."),
    "serve": ("serve", "Judge parts for the station, over pipe and shared memory."),
    "explain-parts": ("explain_parts", "Explain verdicts for serve, over pipe and shared memory."),
    "doctor": ("doctor", "Show versions and devices and test the engine."),
    "bench": ("bench", "Measure the latency of a model on this machine."),
    "split": ("split", "Divide a data set into training, validation and test."),
    "augment-preview": ("augment_preview", "Draw sheets of augmented training pictures."),
    "render-cables": ("render_cables", "Render a cable data set with exact defect masks."),
}
