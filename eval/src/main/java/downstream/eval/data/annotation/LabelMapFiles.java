package downstream.eval.data.annotation;

import downstream.eval.Json;
import downstream.eval.data.image.ImageFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The label maps of a source, found by the names of their images. */
final class LabelMapFiles {
  private final Path folder;
  private final Map<String, Path> byStem = new TreeMap<>();

  private LabelMapFiles(Path folder) {
    this.folder = folder;
    SortedFiles.endingWith(folder, ".png")
        .forEach((name, file) -> byStem.put(ImageFile.stem(name), file));
  }

  /** Returns the files under the source's {@code masks} folder, if it names one. */
  static Optional<LabelMapFiles> of(SourceLocation place) {
    return place.source().masks() == null
        ? Optional.empty()
        : Optional.of(new LabelMapFiles(place.folder("masks")));
  }

  /** The label map of an image; that there is none is a defect. */
  Optional<Path> find(String image, DataIssues issues) {
    String stem = ImageFile.stem(image);
    Path file = byStem.get(stem);
    if (file == null) {
      issues.defect(
          folder.resolve(stem + ".png"),
          "image '" + image + "' has no label map",
          byStem.isEmpty()
              ? "Put the label map there: the folder has no PNG"
              : "Rename the label map; the nearest name is '"
                  + Json.nearest(stem, byStem.keySet())
                  + ".png'");
    }
    return Optional.ofNullable(file);
  }
}
