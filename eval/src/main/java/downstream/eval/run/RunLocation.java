package downstream.eval.run;

import downstream.eval.BadInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Location of a stored run: its JSON file, and a folder of the same name for the rest. */
public record RunLocation(Path folder, long seed) {
  public Path result() {
    return folder.resolve("run-" + seed + ".json");
  }

  public Path files() {
    return folder.resolve("run-" + seed);
  }

  /**
   * The finished run stored here, if it is whole and is the one asked for.
   *
   * @param log told why a run stored here is not used
   * @throws BadInput if the run stored here answers another request
   */
  public Optional<Result> finished(Digests asked, java.util.function.Consumer<String> log) {
    if (!Files.exists(result())) {
      return Optional.empty();
    }
    Result found;
    try {
      found = ResultFile.read(result());
    } catch (BadInput e) {
      log.accept("measured again: " + e.getMessage());
      return Optional.empty();
    }
    if (!Digests.of(found).equals(asked)) {
      throw new BadInput(
          result(), "is in use by another run: " + Digests.of(found), "Choose another --out");
    }
    if (found.status() != Result.Status.OK) {
      log.accept(
          "measured again: the last attempt "
              + result()
              + " is not ok: "
              + found.reason().orElse(""));
      return Optional.empty();
    }
    List<String> defects = ResultFile.defects(result(), found);
    defects.forEach(defect -> log.accept("measured again: " + result() + ": " + defect));
    return defects.isEmpty() ? Optional.of(found) : Optional.empty();
  }

  /** Digests that identify the request of a run. */
  public record Digests(String encoder, String protocol, String data, long seed) {
    static Digests of(Result result) {
      return new Digests(
          result.encoder().digest(),
          result.protocol().fingerprint(),
          result.data().fingerprint(),
          result.seeds().declared());
    }
  }
}
