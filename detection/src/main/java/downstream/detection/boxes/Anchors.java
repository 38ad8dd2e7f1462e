package downstream.detection.boxes;

import java.util.List;

/**
 * The boxes that a region proposal network starts from (Ren et al. 2015, section 3.1.1), one size a
 * level as feature pyramids have them (Lin et al. 2017, section 4.1), each in several shapes. As in
 * Detectron2 an anchor is centred on the upper left corner of its cell and is not rounded.
 */
public final class Anchors {
  private Anchors() {}

  /**
   * All anchors: level by level, row by row, and in each cell by ratio.
   *
   * @param scale side of the square anchor in strides of its level
   * @param ratios height / width; the area is that of the square
   */
  public static float[] over(PyramidShape pyramid, double scale, List<Double> ratios) {
    float[] anchors = new float[4 * pyramid.cells() * ratios.size()];
    int at = 0;
    for (PyramidShape.Level level : pyramid.levels()) {
      for (int row = 0; row < level.side(); row++) {
        for (int column = 0; column < level.side(); column++) {
          for (double ratio : ratios) {
            double width = scale * level.stride() / Math.sqrt(ratio);
            double height = width * ratio;
            double x = (double) column * level.stride();
            double y = (double) row * level.stride();
            anchors[at++] = (float) (x - width / 2);
            anchors[at++] = (float) (y - height / 2);
            anchors[at++] = (float) (x + width / 2);
            anchors[at++] = (float) (y + height / 2);
          }
        }
      }
    }
    return anchors;
  }
}
