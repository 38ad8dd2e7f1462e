package downstream.detection;

import downstream.detection.heads.DetectionProtocol;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.ImageInputs;

/** The pictures of a set, each whole in its square: as they are predicted, or mirrored. */
record LetterboxedImages(
    ImageSet set, boolean mirrored, EncoderSpec spec, DetectionProtocol protocol)
    implements ImageInputs {
  /** Named in {@link #fingerprint}: to be raised when a change here or in Image moves pixels. */
  private static final int VERSION = 1;

  @Override
  public String fingerprint() {
    return "whole pictures/"
        + VERSION
        + (mirrored ? " mirrored " : " ")
        + scale()
        + set.fingerprint();
  }

  /** Empty where pictures fill the square: the name that such features have had. */
  private String scale() {
    return protocol.multiScale().shortSides().isEmpty()
        ? ""
        : "short side "
            + protocol.multiScale().shortSides()
            + " of "
            + protocol.multiScale().limit()
            + " ";
  }

  @Override
  public int size() {
    return set.pictures().size();
  }

  @Override
  public float[] pixels(int index) {
    ImageRecord image = set.pictures().get(index);
    return ImageTransform.whole(image, protocol, mirrored)
        .cut(Image.read(image.file()))
        .planes(spec.mean(), spec.std());
  }
}
