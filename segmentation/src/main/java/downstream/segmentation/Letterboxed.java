package downstream.segmentation;

import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.ImageInputs;

/** The pictures of a set, each in its {@link Letterbox}: as they are predicted, or mirrored. */
record Letterboxed(ImageSet set, boolean mirrored, EncoderSpec spec) implements ImageInputs {
  /** Named in {@link #fingerprint}: to be raised when a change here or in Image moves pixels. */
  private static final int VERSION = 1;

  @Override
  public String fingerprint() {
    return "letterbox/" + VERSION + (mirrored ? " mirrored " : " ") + set.fingerprint();
  }

  @Override
  public int size() {
    return set.pictures().size();
  }

  @Override
  public float[] pixels(int index) {
    Image image = Image.read(set.pictures().get(index).file());
    Letterbox box = Letterbox.fit(image.width(), image.height(), spec.imageSize());
    Image picture = image.resize(box.width(), box.height());
    // Mirrored first: the picture lies in the upper left corner all the same.
    return (mirrored ? picture.flip() : picture)
        .crop(0, 0, box.size(), box.size(), Letterbox.fill(spec.mean()))
        .planes(spec.mean(), spec.std());
  }
}
