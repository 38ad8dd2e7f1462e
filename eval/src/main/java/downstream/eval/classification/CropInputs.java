package downstream.eval.classification;

import downstream.eval.Digest;
import downstream.eval.data.image.Image;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.ImageInputs;
import downstream.eval.finetune.Letterbox;
import java.nio.file.Path;

/** Examples as an encoder takes them: cut out, resized to its input, mirrored if asked. */
final class CropInputs implements ImageInputs {
  private final LabelledCrops examples;
  private final boolean mirrored;
  private final EncoderSpec spec;

  /** The image that a thread read last: examples of one image follow each other. */
  private final ThreadLocal<Decoded> last = ThreadLocal.withInitial(() -> Decoded.NONE);

  private record Decoded(Path file, Image image) {
    static final Decoded NONE = new Decoded(Path.of(""), Image.filled(1, 1, 0));
  }

  CropInputs(LabelledCrops examples, boolean mirrored, EncoderSpec spec) {
    this.examples = examples;
    this.mirrored = mirrored;
    this.spec = spec;
  }

  @Override
  public String fingerprint() {
    return new Digest()
        .add("labelled crops, version 1")
        .add(examples.set().fingerprint())
        .add("margin " + examples.margin() + " min side " + examples.minSide())
        .add("mirrored " + mirrored)
        .hex();
  }

  @Override
  public int size() {
    return examples.size();
  }

  @Override
  public float[] pixels(int index) {
    Image image = crop(index);
    return (mirrored ? image.flip() : image).planes(spec.mean(), spec.std());
  }

  private Image crop(int index) {
    LabelledCrop crop = examples.crops().get(index);
    Path file = examples.set().images().get(crop.image()).file();
    if (!last.get().file().equals(file)) {
      last.set(new Decoded(file, Image.read(file)));
    }
    return crop.cut(last.get().image(), spec.imageSize(), Letterbox.fill(spec.mean()));
  }
}
