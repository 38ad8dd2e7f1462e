package downstream.eval.data.annotation;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A picture as its annotations describe it, the file itself not looked at yet.
 *
 * @param id COCO's, else the position among the source's pictures, from 1
 * @param name relative to its source
 * @param claimed width and height as the annotations have them; 0 where they are silent
 */
public record UncheckedImage(
    long id, String name, Path file, Size claimed, List<Mark> marks, Optional<Path> labelMap) {

  public UncheckedImage as(long newId, String newName) {
    return new UncheckedImage(newId, newName, file, claimed, marks, labelMap);
  }

  /** Width and height in pixels. */
  public record Size(int width, int height) {
    public static final Size UNKNOWN = new Size(0, 0);

    @Override
    public String toString() {
      return width + "×" + height;
    }
  }

  /**
   * An annotated box that has not been held against the picture yet.
   *
   * @param where file and annotation, for messages
   */
  record Mark(String where, Box box) {}

  /** What a source holds. Categories are empty if the source says none. */
  public record Contents(List<Category> categories, List<UncheckedImage> drafts) {}
}
