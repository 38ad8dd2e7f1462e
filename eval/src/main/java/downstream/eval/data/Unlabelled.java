package downstream.eval.data;

import downstream.eval.BadInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Pictures without labels, from folders and from splits of data sets. */
final class Unlabelled {
  private Unlabelled() {}

  /** A folder of pictures as if a data YAML had named it. */
  static DataFile folder(Path folder) {
    Path path = folder.toAbsolutePath();
    Source source = new Source("images", path.toString(), null, null, null, null, null, null);
    return new DataFile(
        path,
        String.valueOf(path.getFileName()),
        List.of(),
        Set.of(),
        false,
        Map.of(DataFile.TRAIN, List.of(source)));
  }

  /**
   * The pictures of several splits under new ids, in order; what is known about them is dropped.
   */
  static ImageSet join(List<String> sources, List<Split> splits) {
    boolean prefixed = sharesNames(splits);
    Set<Path> seen = new HashSet<>();
    List<Picture> pictures = new ArrayList<>();
    List<Inspection> inspections = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (int i = 0; i < splits.size(); i++) {
      warnings.addAll(splits.get(i).warnings());
      splits.get(i).inspections().forEach(one -> inspections.add(one.withoutLabels()));
      for (Picture picture : splits.get(i).pictures()) {
        if (!seen.add(picture.file().toAbsolutePath().normalize())) {
          String problem = "is given twice, again by '" + sources.get(i) + "'";
          throw new BadInput(picture.file(), problem, "Let only one source have it");
        }
        String prefix = prefixed ? (i + 1) + "/" : "";
        pictures.add(bare(picture, pictures.size() + 1, prefix + picture.name()));
      }
    }
    String name = String.join(" + ", sources);
    Split all = new Split(name, List.of(), pictures, inspections, warnings);
    String fingerprint = Fingerprint.of(all, List.of(), List.of(), Set.of());
    return new ImageSet(name, List.of(), List.of(), pictures, Set.of(), fingerprint, warnings);
  }

  private static boolean sharesNames(List<Split> splits) {
    Set<String> names = new HashSet<>();
    return splits.stream()
        .flatMap(split -> split.pictures().stream())
        .anyMatch(picture -> !names.add(picture.name()));
  }

  private static Picture bare(Picture picture, long id, String name) {
    return new Picture(
        id, name, picture.file(), picture.width(), picture.height(), List.of(), Optional.empty());
  }
}
