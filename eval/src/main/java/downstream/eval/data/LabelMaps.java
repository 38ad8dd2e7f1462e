package downstream.eval.data;

import downstream.eval.Json;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The label maps of a source, found by the names of their pictures. */
final class LabelMaps {
  private final Path folder;
  private final Map<String, Path> byStem = new TreeMap<>();

  private LabelMaps(Path folder) {
    this.folder = folder;
    Folders.endingWith(folder, ".png")
        .forEach((name, file) -> byStem.put(ImageFile.stem(name), file));
  }

  /** Those under the source's {@code masks} folder, if it names one. */
  static Optional<LabelMaps> of(Place place) {
    return place.source().masks() == null
        ? Optional.empty()
        : Optional.of(new LabelMaps(place.folder("masks")));
  }

  /** The label map of a picture; that there is none is a defect. */
  Optional<Path> find(String picture, Findings findings) {
    String stem = ImageFile.stem(picture);
    Path file = byStem.get(stem);
    if (file == null) {
      findings.defect(
          folder.resolve(stem + ".png"),
          "picture '" + picture + "' has no label map",
          byStem.isEmpty()
              ? "The folder holds no PNG"
              : "The nearest is '" + Json.nearest(stem, byStem.keySet()) + ".png'");
    }
    return Optional.ofNullable(file);
  }
}
