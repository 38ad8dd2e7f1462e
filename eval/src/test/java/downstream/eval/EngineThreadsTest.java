package downstream.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import org.junit.jupiter.api.Test;

class EngineThreadsTest {
  @Test
  void native_libraries_see_a_spin_count_or_what_the_user_chose() {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "GNU OpenMP is Linux's");
    EngineThreads.prepare();
    String chosen = System.getenv("GOMP_SPINCOUNT");
    String policy = System.getenv("OMP_WAIT_POLICY");
    String expected = chosen == null && policy == null ? "5000" : chosen;
    assertThat(environment("GOMP_SPINCOUNT")).isEqualTo(expected);
    assertThat(environment("OMP_WAIT_POLICY")).isEqualTo(policy);
  }

  private static String environment(String name) {
    return NativeLibrary.getProcess()
        .getFunction("getenv")
        .invokeString(new Object[] {name}, false);
  }
}
