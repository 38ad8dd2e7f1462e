package downstream.eval.data;

import downstream.eval.BadInput;
import java.nio.file.Path;
import java.util.List;

/**
 * One object of a Pascal VOC file as the file has it: the pixels from (left, top) to (right,
 * bottom), both included, counted from 1. For evaluators; nothing is clipped or left out.
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
    return VocAnnotation.read(file, new Findings(Findings.Mode.REFUSE)).things().stream()
        .map(
            thing ->
                new VocObject(
                    thing.where(),
                    thing.name(),
                    thing.left(),
                    thing.top(),
                    thing.right(),
                    thing.bottom(),
                    thing.difficult()))
        .toList();
  }
}
