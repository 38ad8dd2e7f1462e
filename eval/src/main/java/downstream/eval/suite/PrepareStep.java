package downstream.eval.suite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Step that makes an input of the evaluations: a generated data set, or an encoder.
 *
 * @param needs names of preparations that come before
 * @param command command line; does nothing where the same output was made before
 * @param output file or folder that the step makes
 * @param training the pretraining in it, if any
 */
record PrepareStep(
    String name,
    List<String> needs,
    List<String> command,
    Path output,
    Optional<Training> training) {
  /**
   * A pretraining, to ask what it will take.
   *
   * @param images sources
   */
  record Training(String method, ObjectNode settings, List<String> images, long seed) {}

  /** Returns the commands that run after {@code command} if that made the output again. */
  List<List<String>> checks() {
    return training.isPresent()
        ? List.of(List.of("encoder", "verify", output.toString()))
        : List.of();
  }
}
