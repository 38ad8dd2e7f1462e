package downstream.detection.metrics.voc;

/** The two figures that Pascal VOC made of a precision-recall curve. */
final class VocCurve {
  private static final int POINTS = 11;

  private VocCurve() {}

  /**
   * 2007: mean over the recalls i · 0.1 of the greatest precision at that recall or beyond. The
   * products are kept in binary, as numpy has them: .30000000000000004, not .3.
   */
  static double elevenPoints(double[] recall, double[] precision) {
    double sum = 0;
    for (int point = 0; point < POINTS; point++) {
      double greatest = 0;
      for (int i = 0; i < recall.length; i++) {
        if (recall[i] >= point * 0.1) {
          greatest = Math.max(greatest, precision[i]);
        }
      }
      sum += greatest / POINTS;
    }
    return sum;
  }

  /** 2012: the area under the precision, made non-increasing from the right. */
  static double area(double[] recall, double[] precision) {
    double area = 0;
    double greatest = 0;
    for (int i = recall.length - 1; i >= 0; i--) {
      greatest = Math.max(greatest, precision[i]);
      area += (recall[i] - (i == 0 ? 0 : recall[i - 1])) * greatest;
    }
    return area;
  }
}
