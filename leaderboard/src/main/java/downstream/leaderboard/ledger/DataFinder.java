package downstream.leaderboard.ledger;

import downstream.eval.BadInput;
import downstream.eval.data.DataSet;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.eval.run.Result;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the data that runs were scored on, by digest: among the data sets given, else where the run
 * says that it lay. Each is opened once.
 */
public final class DataFinder {
  private final List<Path> given;
  private final Map<Path, Optional<DataSet>> opened = new HashMap<>();

  /**
   * @param given data sets that are opened first; they must exist
   */
  public DataFinder(List<Path> given) {
    this.given = List.copyOf(given);
    given.forEach(path -> opened.put(path, Optional.of(DataSets.open(path))));
  }

  /**
   * The run's data set.
   *
   * @throws BadInput if no data set that is there has the digest the run was scored on
   */
  public DataSet of(Result run) {
    Path own = Path.of(run.provenance().data());
    return Stream.concat(given.stream(), Stream.of(own))
        .flatMap(path -> opened.computeIfAbsent(path, DataFinder::open).stream())
        .filter(data -> isOf(run, data))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInput(
                    own,
                    "no data set with a split '"
                        + run.task().split()
                        + "' of digest "
                        + run.data().evaluation().fingerprint(),
                    "Give the data set '" + run.data().name() + "' with --data"));
  }

  private static Optional<DataSet> open(Path path) {
    try {
      return Optional.of(DataSets.open(path));
    } catch (BadInput e) {
      return Optional.empty();
    }
  }

  private static boolean isOf(Result run, DataSet data) {
    ImageSet split = data.evaluation().get(run.task().split());
    return split != null && split.fingerprint().equals(run.data().evaluation().fingerprint());
  }
}
