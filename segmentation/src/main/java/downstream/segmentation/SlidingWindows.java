package downstream.segmentation;

import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.ImageInputs;
import downstream.eval.finetune.Letterbox;
import java.util.ArrayList;
import java.util.List;

/**
 * The images of a set in overlapping squares, as sliding-window inference sees them: an image's
 * shorter side becomes the square's, and squares stand every {@code stride} pixels; the last of a
 * row is moved back to end with the image (mmseg's {@code slide_inference}).
 *
 * @param places of all squares, image after image
 */
record SlidingWindows(ImageSet set, int stride, EncoderSpec spec, List<Place> places)
    implements ImageInputs {
  /** Named in {@link #fingerprint}: to be raised when a change here or in Image moves pixels. */
  private static final int VERSION = 1;

  /**
   * One square.
   *
   * @param image its position in the set
   */
  record Place(int image, int x, int y) {}

  SlidingWindows {
    places = List.copyOf(places);
  }

  static SlidingWindows of(ImageSet set, int stride, EncoderSpec spec) {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < set.images().size(); i++) {
      ImageRecord image = set.images().get(i);
      Letterbox box = Letterbox.cover(image.width(), image.height(), spec.imageSize());
      for (int y : starts(box.height(), box.size(), stride)) {
        for (int x : starts(box.width(), box.size(), stride)) {
          places.add(new Place(i, x, y));
        }
      }
    }
    return new SlidingWindows(set, stride, spec, places);
  }

  /** Returns the offsets at which windows begin along a side. */
  static List<Integer> starts(int side, int size, int stride) {
    List<Integer> starts = new ArrayList<>();
    for (int start = 0; start + size < side; start += stride) {
      starts.add(start);
    }
    starts.add(Math.max(0, side - size));
    return starts;
  }

  @Override
  public String fingerprint() {
    return "windows/" + VERSION + " " + stride + " " + set.fingerprint();
  }

  @Override
  public int size() {
    return places.size();
  }

  @Override
  public float[] pixels(int index) {
    Place place = places.get(index);
    Image image = Image.read(set.images().get(place.image()).file());
    Letterbox box = Letterbox.cover(image.width(), image.height(), spec.imageSize());
    return image
        .resize(box.width(), box.height())
        .crop(place.x(), place.y(), box.size(), box.size(), Letterbox.fill(spec.mean()))
        .planes(spec.mean(), spec.std());
  }
}
