package downstream.eval.data.annotation;

import downstream.eval.data.image.ImageSize;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An image as its annotations describe it; the file itself is still unread.
 *
 * @param id COCO's, else the position among the source's images, from 1
 * @param name relative to its source
 * @param claimed width and height as the annotations have them; 0 where they do not say
 * @param category the {@link Category#id} of the image as a whole, if its folder says one
 */
public record UncheckedImage(
    long id,
    String name,
    Path file,
    ImageSize claimed,
    List<UncheckedBox> marks,
    Optional<Path> labelMap,
    Optional<Long> category) {

  /** An image without a category of its own. */
  UncheckedImage(
      long id,
      String name,
      Path file,
      ImageSize claimed,
      List<UncheckedBox> unchecked,
      Optional<Path> labelMap) {
    this(id, name, file, claimed, unchecked, labelMap, Optional.empty());
  }

  public UncheckedImage as(long newId, String newName) {
    return new UncheckedImage(newId, newName, file, claimed, marks, labelMap, category);
  }

  /**
   * An annotated box that has not been checked against the image yet.
   *
   * @param where file and annotation, for messages
   */
  record UncheckedBox(String where, Box box) {}

  /** Content of a source. Categories are empty if the source says none. */
  public record Contents(List<Category> categories, List<UncheckedImage> images) {}
}
