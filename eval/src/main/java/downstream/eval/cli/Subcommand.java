package downstream.eval.cli;

import java.util.concurrent.Callable;

/**
 * One command of the command line, found by ServiceLoader: a class annotated with picocli's
 * {@code @Command}, whose {@code call} returns the exit code: 0 ok, 1 worse or a check failed, 2
 * usage or bad input, 3 could not measure, 4 better than the baseline says. Its constructor must be
 * cheap and load no native engine: {@code --help} creates every command.
 */
public interface Subcommand extends Callable<Integer> {
  /**
   * The group of this command ({@code "leaderboard"} for {@code leaderboard build}), or "" for a
   * command without a group.
   */
  default String group() {
    return "";
  }
}
