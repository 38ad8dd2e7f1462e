package downstream.detection;

import downstream.eval.data.Image;
import downstream.eval.data.ImageSet;
import downstream.eval.data.Picture;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.Views;

/** The pictures of a set, each whole in its square: as they are predicted, or mirrored. */
record WholePictures(ImageSet set, boolean mirrored, EncoderSpec spec) implements Views {
  /** Named in {@link #fingerprint}: to be raised when a change here or in Image moves pixels. */
  private static final int VERSION = 1;

  @Override
  public String fingerprint() {
    return "whole pictures/" + VERSION + (mirrored ? " mirrored " : " ") + set.fingerprint();
  }

  @Override
  public int size() {
    return set.pictures().size();
  }

  @Override
  public float[] pixels(int index) {
    Picture picture = set.pictures().get(index);
    return Window.whole(picture, spec.imageSize(), mirrored)
        .cut(Image.read(picture.file()))
        .planes(spec.mean(), spec.std());
  }
}
