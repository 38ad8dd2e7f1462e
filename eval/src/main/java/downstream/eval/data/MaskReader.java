package downstream.eval.data;

import downstream.eval.data.Draft.Contents;
import downstream.eval.data.Draft.Size;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads folders of pictures, alone or with a folder of label maps: {@code masks/day/a.png} goes
 * with {@code images/day/a.jpg}.
 */
final class MaskReader {
  private MaskReader() {}

  static Contents read(Place place, Findings findings) {
    Map<String, Path> pictures = Folders.pictures(place.folder("images"));
    Optional<LabelMaps> masks = LabelMaps.of(place);
    List<Draft> drafts = new ArrayList<>();
    for (String name : Selection.of(place, pictures.keySet(), findings)) {
      Path file = Objects.requireNonNull(pictures.get(name));
      Optional<Path> mask = masks.flatMap(maps -> maps.find(name, findings));
      if (masks.isEmpty() || mask.isPresent()) {
        drafts.add(new Draft(drafts.size() + 1, name, file, Size.UNKNOWN, List.of(), mask));
      }
    }
    return new Contents(List.of(), drafts);
  }
}
