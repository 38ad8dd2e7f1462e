package downstream.eval.suite;

import downstream.eval.Device;
import downstream.eval.cli.Main;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Runs commands in this process, each as it would be typed, and prints them before.
 *
 * @param threads for commands that compute
 * @param device that they are given
 * @param log told the command lines and how long they took
 */
record CommandRunner(int threads, Device device, Consumer<String> log) {
  private static final Set<String> COMPUTING = Set.of("pretrain", "eval");

  /** The exit code of one command line. */
  int run(List<String> words) {
    List<String> command = new ArrayList<>(words);
    if (COMPUTING.contains(words.get(0))) {
      command.addAll(List.of("--threads", "" + threads, "--device", device.asked()));
    }
    say("");
    say("$ downstream " + String.join(" ", command));
    long start = System.nanoTime();
    int code = Main.run(command.toArray(String[]::new));
    say(String.format(Locale.ROOT, "(%.0f s)", (System.nanoTime() - start) * 1e-9));
    return code;
  }

  void say(String line) {
    log.accept(line);
  }
}
