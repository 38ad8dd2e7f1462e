package downstream.eval.task;

import downstream.eval.Registry;
import java.util.Map;
import java.util.ServiceLoader;

/** The tasks that the class path offers. */
public final class Tasks {
  private Tasks() {}

  /**
   * All of them by name.
   *
   * @throws downstream.eval.BadInput if two have the same name
   */
  public static Map<String, Task> installed() {
    return registry().all();
  }

  /**
   * The one of this name.
   *
   * @throws downstream.eval.BadInput if there is none (naming those there are), or more than one
   */
  public static Task named(String name) {
    return registry().named(name);
  }

  private static Registry<Task> registry() {
    return new Registry<>("task", ServiceLoader.load(Task.class), Task::name);
  }
}
