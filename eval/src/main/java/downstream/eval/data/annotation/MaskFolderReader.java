package downstream.eval.data.annotation;

import downstream.eval.data.annotation.UncheckedImage.Contents;
import downstream.eval.data.image.ImageSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads folders of images, alone or with a folder of label maps: {@code masks/day/a.png} goes with
 * {@code images/day/a.jpg}.
 */
public final class MaskFolderReader {
  private MaskFolderReader() {}

  public static Contents read(SourceLocation place, DataIssues issues) {
    Map<String, Path> images = SortedFiles.images(place.folder("images"));
    Optional<LabelMapFiles> masks = LabelMapFiles.of(place);
    List<UncheckedImage> unchecked = new ArrayList<>();
    for (String name : ImageSubset.of(place, images.keySet(), issues)) {
      Path file = Objects.requireNonNull(images.get(name));
      Optional<Path> mask = masks.flatMap(maps -> maps.find(name, issues));
      if (masks.isEmpty() || mask.isPresent()) {
        unchecked.add(
            new UncheckedImage(
                unchecked.size() + 1, name, file, ImageSize.UNKNOWN, List.of(), mask));
      }
    }
    return new Contents(List.of(), unchecked);
  }
}
