package downstream.pretrain.views;

import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The images of a set, decoded when first asked for and kept while they fit: at small sizes
 * decoding costs more than training. Thread-safe.
 */
public final class Photos {
  private final ImageSet set;
  private final AtomicReferenceArray<Image> decoded;
  private final AtomicLong room;

  /** Keeps at most a quarter of the heap. */
  public Photos(ImageSet set) {
    this(set, Runtime.getRuntime().maxMemory() / 4);
  }

  Photos(ImageSet set, long bytes) {
    this.set = set;
    decoded = new AtomicReferenceArray<>(set.images().size());
    room = new AtomicLong(bytes);
  }

  /** Number of images. */
  public int size() {
    return decoded.length();
  }

  /**
   * One image, upright RGB.
   *
   * @throws downstream.eval.BadInput if its file cannot be read
   */
  public Image get(int index) {
    Image kept = decoded.get(index);
    if (kept != null) {
      return kept;
    }
    Image image = Image.read(set.images().get(index).file());
    if (room.addAndGet(-image.rgb().length) >= 0) {
      decoded.set(index, image);
    }
    return image;
  }
}
