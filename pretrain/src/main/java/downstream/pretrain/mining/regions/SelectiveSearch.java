package downstream.pretrain.mining.regions;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import downstream.eval.data.image.Image;
import downstream.pretrain.settings.MiningSettings.ProposalMode;
import downstream.pretrain.views.Region;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.global.opencv_ximgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.RectVector;
import org.bytedeco.opencv.opencv_ximgproc.SelectiveSearchSegmentation;

/**
 * Selective search (Uijlings et al., IJCV 2013) as OpenCV has it, with its defaults, on the image
 * at its own size (Uijlings et al. 2013). One thread: images are the parallelism.
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

  /** Name of the algorithm and its version: part of the cache's key. */
  public static String version(ProposalMode mode) {
    return "selective search, OpenCV " + opencv_core.CV_VERSION() + ", " + mode + ", version 1";
  }

  /**
   * All boxes of the search without duplicates, smallest first. OpenCV orders them by C's {@code
   * rand}, which is not kept. An image that is one single region has one box, itself.
   */
  public static List<Region> boxes(Image image, ProposalMode mode) {
    Set<Region> boxes = new LinkedHashSet<>();
    try (BytePointer bytes = new BytePointer(image.rgb());
        Mat rgb = new Mat(image.height(), image.width(), CV_8UC3, bytes);
        Mat bgr = new Mat()) {
      opencv_imgproc.cvtColor(rgb, bgr, opencv_imgproc.COLOR_RGB2BGR);
      search(bgr, mode, boxes);
    }
    if (boxes.isEmpty()) {
      boxes.add(new Region(0, 0, image.width(), image.height()));
    }
    List<Region> sorted = new ArrayList<>(boxes);
    sorted.sort(SMALLEST_FIRST);
    return sorted;
  }

  private static void search(Mat bgr, ProposalMode mode, Set<Region> boxes) {
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
  }
}
