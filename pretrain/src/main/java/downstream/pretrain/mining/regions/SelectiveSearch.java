package downstream.pretrain.mining.regions;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import downstream.eval.data.image.Image;
import downstream.pretrain.settings.MiningSettings.ProposalMode;
import downstream.pretrain.views.Region;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.global.opencv_ximgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.RectVector;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_ximgproc.SelectiveSearchSegmentation;

/**
 * Selective search (Uijlings et al., IJCV 2013) as OpenCV has it, with its defaults. Its smallest
 * segment, 100 pixels, and the scale k of its segmentation are meant for photographs of about 500
 * pixels: smaller images may be enlarged first, and the boxes are scaled back. One thread: images
 * are the parallelism.
 */
public final class SelectiveSearch {
  /** Ascending area, then position and shape: says nothing about the order OpenCV gave. */
  static final Comparator<Region> SMALLEST_FIRST =
      Comparator.comparingLong(Region::area)
          .thenComparingInt(Region::x)
          .thenComparingInt(Region::y)
          .thenComparingInt(Region::width);

  static {
    opencv_core.setNumThreads(1);
  }

  private SelectiveSearch() {}

  /**
   * Name of the algorithm, its version and its settings: part of the cache's key.
   *
   * @param side as for {@link #boxes}
   */
  public static String version(ProposalMode mode, int side) {
    String name = "selective search, OpenCV " + opencv_core.CV_VERSION() + ", " + mode;
    return name + ", version 1" + (side == 0 ? "" : ", enlarged to " + side);
  }

  /**
   * All boxes of the search without duplicates, smallest first. OpenCV orders them by C's {@code
   * rand}, which is not kept. An image that is one single region has one box, itself.
   *
   * @param side longer side in pixels to which a smaller image is enlarged before the search; 0
   *     searches it as it is
   */
  public static List<Region> boxes(Image image, ProposalMode mode, int side) {
    Set<Region> boxes = new LinkedHashSet<>();
    try (BytePointer bytes = new BytePointer(image.rgb());
        Mat rgb = new Mat(image.height(), image.width(), CV_8UC3, bytes);
        Mat bgr = new Mat()) {
      opencv_imgproc.cvtColor(rgb, bgr, opencv_imgproc.COLOR_RGB2BGR);
      enlarge(bgr, side);
      for (Region box : search(bgr, mode)) {
        scaledBack(box, bgr, image).ifPresent(boxes::add);
      }
    }
    if (boxes.isEmpty()) {
      boxes.add(new Region(0, 0, image.width(), image.height()));
    }
    List<Region> sorted = new ArrayList<>(boxes);
    sorted.sort(SMALLEST_FIRST);
    return sorted;
  }

  /** Enlarges in place, bilinearly, proportions kept; never makes an image smaller. */
  private static void enlarge(Mat image, int side) {
    double scale = (double) side / Math.max(image.cols(), image.rows());
    if (scale > 1) {
      int width = (int) Math.round(scale * image.cols());
      int height = (int) Math.round(scale * image.rows());
      try (Size size = new Size(width, height);
          Mat small = image.clone()) {
        opencv_imgproc.resize(small, image, size);
      }
    }
  }

  /** The whole pixels of the image nearest to a box; empty if that leaves nothing. */
  private static Optional<Region> scaledBack(Region box, Mat searched, Image image) {
    double across = (double) image.width() / searched.cols();
    double down = (double) image.height() / searched.rows();
    int left = (int) Math.round(box.x() * across);
    int top = (int) Math.round(box.y() * down);
    int right = (int) Math.round((box.x() + box.width()) * across);
    int bottom = (int) Math.round((box.y() + box.height()) * down);
    return right > left && bottom > top
        ? Optional.of(new Region(left, top, right - left, bottom - top))
        : Optional.empty();
  }

  private static List<Region> search(Mat bgr, ProposalMode mode) {
    List<Region> boxes = new ArrayList<>();
    try (SelectiveSearchSegmentation search = opencv_ximgproc.createSelectiveSearchSegmentation();
        RectVector found = new RectVector()) {
      search.setBaseImage(bgr);
      switch (mode) {
        case SINGLE -> search.switchToSingleStrategy();
        case FAST -> search.switchToSelectiveSearchFast();
        case QUALITY -> search.switchToSelectiveSearchQuality();
      }
      search.process(found);
      for (long i = 0; i < found.size(); i++) {
        try (Rect box = found.get(i)) {
          boxes.add(new Region(box.x(), box.y(), box.width(), box.height()));
        }
      }
    }
    return boxes;
  }
}
