package downstream.eval.run.execute;

import downstream.eval.BadInput;
import downstream.eval.data.ImageSet;
import downstream.eval.data.Inventory;
import downstream.eval.run.Result;
import downstream.eval.run.RunStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Compares a split with its state when a run was made on it, and names the changes.
 *
 * @param store that keeps the lists of splits; empty if the run is in none
 */
record SplitCheck(Optional<RunStore> store) {
  private static final int NAMED = 5;
  private static final String UNKNOWN = "an image or a label was changed, added or removed";

  /** Returns the difference between then and now, after the split's name; empty if nothing is. */
  Optional<String> difference(Result.SetPart then, ImageSet now) {
    if (now.fingerprint().equals(then.fingerprint())) {
      return Optional.empty();
    }
    return Optional.of(
        "'%s': %s: expected digest %s of %d images, found %s of %d"
            .formatted(
                then.name(),
                reason(then, now),
                then.fingerprint(),
                then.of(),
                now.fingerprint(),
                now.images().size()));
  }

  private String reason(Result.SetPart then, ImageSet now) {
    Optional<Path> list =
        store.map(runs -> runs.inventory(then.fingerprint())).filter(Files::exists);
    if (list.isEmpty() || now.inventory().isEmpty()) {
      return UNKNOWN + " (which one is unknown: no list of its images is stored with the runs)";
    }
    try {
      return named(Inventory.read(list.get()).changesTo(now.inventory().get()));
    } catch (BadInput damaged) {
      return UNKNOWN
          + " (which one is unknown: the list of its images cannot be used: "
          + damaged.getMessage()
          + ")";
    }
  }

  private static String named(List<String> changes) {
    if (changes.isEmpty()) {
      return "every image and label is what it was; classes, ignored values, ids or order are not";
    }
    String first = String.join(", ", changes.subList(0, Math.min(NAMED, changes.size())));
    return changes.size() > NAMED ? first + " and " + (changes.size() - NAMED) + " more" : first;
  }
}
