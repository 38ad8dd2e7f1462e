package downstream.eval.data;

import downstream.eval.BadInput;
import downstream.eval.data.annotation.DataFile;
import downstream.eval.data.annotation.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Images without labels, from folders and from splits of data sets. */
final class UnlabelledImages {
  private UnlabelledImages() {}

  /** A folder of images as if a data YAML had named it. */
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

  /** The images of several splits under new ids, in order; what is known about them is dropped. */
  static ImageSet join(List<String> sources, List<Split> splits) {
    boolean prefixed = sharesNames(splits);
    Set<Path> seen = new HashSet<>();
    List<ImageRecord> images = new ArrayList<>();
    List<FileCheck> inspections = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (int i = 0; i < splits.size(); i++) {
      warnings.addAll(splits.get(i).warnings());
      splits.get(i).checks().forEach(one -> inspections.add(one.withoutLabels()));
      for (ImageRecord image : splits.get(i).images()) {
        if (!seen.add(image.file().toAbsolutePath().normalize())) {
          String problem = "is given twice, again by '" + sources.get(i) + "'";
          throw new BadInput(image.file(), problem, "Let only one source have it");
        }
        String prefix = prefixed ? (i + 1) + "/" : "";
        images.add(withoutLabels(image, images.size() + 1, prefix + image.name()));
      }
    }
    String name = String.join(" + ", sources);
    Split all = new Split(name, List.of(), images, inspections, warnings);
    String fingerprint = Fingerprint.of(all, List.of(), List.of(), Set.of());
    return new ImageSet(name, List.of(), List.of(), images, Set.of(), fingerprint, warnings);
  }

  private static boolean sharesNames(List<Split> splits) {
    Set<String> names = new HashSet<>();
    return splits.stream()
        .flatMap(split -> split.images().stream())
        .anyMatch(image -> !names.add(image.name()));
  }

  private static ImageRecord withoutLabels(ImageRecord image, long id, String name) {
    return new ImageRecord(
        id, name, image.file(), image.width(), image.height(), List.of(), Optional.empty());
  }
}
