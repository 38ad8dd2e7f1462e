package downstream.eval.data.annotation;

import downstream.eval.BadInput;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One object of a Pascal VOC file as the file has it: the pixels from (left, top) to (right,
 * bottom), both included, counted from 1; nothing is clipped.
 *
 * @param where file and position, for messages
 */
public record VocObject(
    String where,
    String name,
    double left,
    double top,
    double right,
    double bottom,
    boolean difficult) {
  /**
   * Reads one XML file.
   *
   * @throws BadInput if it is not XML, or an object has no box
   */
  public static List<VocObject> read(Path file) {
    return List.copyOf(VocAnnotation.read(file, new DataIssues(DataIssues.Mode.REFUSE)).objects());
  }

  /**
   * The box in continuous coordinates: pixel 1 spans 0 to 1, so that x = xmin − 1 and width = xmax
   * − xmin + 1. Where both corners are the same pixel row or column nobody meant an object: that
   * side is 0.
   */
  Box box(long id, long category) {
    double width = side(left, right);
    double height = side(top, bottom);
    double area = width * height;
    return new Box(
        id, category, left - 1, top - 1, width, height, area, false, difficult, Optional.empty());
  }

  private static double side(double from, double to) {
    return to > from ? to - from + 1 : to - from;
  }
}
