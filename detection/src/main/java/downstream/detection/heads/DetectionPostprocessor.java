package downstream.detection.heads;

import downstream.detection.boxes.BoxCoder;
import downstream.detection.boxes.Boxes;
import downstream.detection.boxes.Detections;
import downstream.detection.boxes.Nms;
import java.util.Arrays;

/**
 * Turns the second stage's outputs into boxes (Ren et al. 2015, section 3.3): every class of every
 * region is a candidate, weak ones are dropped, class-wise suppression leaves the strongest.
 */
final class DetectionPostprocessor {
  private final DetectionProtocol protocol;
  private final int categories;

  DetectionPostprocessor(DetectionProtocol protocol, int categories) {
    this.protocol = protocol;
    this.categories = categories;
  }

  /**
   * The detections of one image, strongest first.
   *
   * @param proposals corners, the image's
   * @param first the row of its first region among those of the batch
   * @param probabilities [regions, categories + 1], background last
   * @param deltas [regions, categories, 4]
   */
  Detections decode(float[] proposals, int first, float[] probabilities, float[] deltas) {
    int capacity = Boxes.count(proposals) * categories;
    float[] boxes = new float[4 * capacity];
    float[] scores = new float[capacity];
    int[] classes = new int[capacity];
    int count = 0;
    for (int region = 0; region < Boxes.count(proposals); region++) {
      for (int category = 0; category < categories; category++) {
        float score = probabilities[(first + region) * (categories + 1) + category];
        if (score > protocol.inference().scoreThreshold()) {
          int delta = 4 * ((first + region) * categories + category);
          BoxCoder.REGIONS.decode(proposals, region, deltas, delta, boxes, 4 * count);
          scores[count] = score;
          classes[count++] = category;
        }
      }
    }
    float[] moved = Arrays.copyOf(boxes, 4 * count);
    Boxes.clip(moved, protocol.imageSize());
    int[] kept =
        Nms.keep(
            moved,
            Arrays.copyOf(scores, count),
            Arrays.copyOf(classes, count),
            protocol.inference().suppressionIou(),
            protocol.inference().maxDetections());
    return Detections.of(moved, classes, scores, kept);
  }
}
