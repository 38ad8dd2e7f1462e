package downstream.eval.finetune;

import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.ImageInputs;

/**
 * The images of a set, each whole in its {@link Letterbox}: as they are predicted, or mirrored.
 *
 * @param mirrored whether left and right are exchanged
 * @param spec of the encoder that takes them: its mean and standard deviation normalise pixels
 * @param scale at which scale; its size is the encoder's image size
 */
public record LetterboxedImages(
    ImageSet set, boolean mirrored, EncoderSpec spec, LetterboxScale scale) implements ImageInputs {
  /** Named in {@link #fingerprint}: to be raised when a change here or in Image moves pixels. */
  private static final int VERSION = 1;

  @Override
  public String fingerprint() {
    return "letterbox/"
        + VERSION
        + (mirrored ? " mirrored " : " ")
        + scale.fingerprint()
        + set.fingerprint();
  }

  @Override
  public int size() {
    return set.images().size();
  }

  @Override
  public float[] pixels(int index) {
    Image image = Image.read(set.images().get(index).file());
    return scale
        .of(image.width(), image.height())
        .draw(image, mirrored, Letterbox.fill(spec.mean()))
        .planes(spec.mean(), spec.std());
  }
}
