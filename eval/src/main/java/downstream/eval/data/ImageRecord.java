package downstream.eval.data;

import downstream.eval.data.annotation.Box;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One image of a set with its annotations. An image without boxes counts.
 *
 * @param id unique in its set; COCO's image id, else the position in file-name order, from 1
 * @param name unique in its set; the file name relative to its source
 * @param file where its bytes are
 * @param width pixels, upright
 * @param height pixels, upright
 * @param boxes its objects, in file order
 * @param labelMap its label map (single-channel PNG of class values), if it has one
 */
public record ImageRecord(
    long id,
    String name,
    Path file,
    int width,
    int height,
    List<Box> boxes,
    Optional<Path> labelMap) {
  public ImageRecord {
    boxes = List.copyOf(boxes);
  }
}
