package downstream.pretrain;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The packages of this module are one subject each, and their arrows run one way. */
class PackageOrderTest {
  private static final String ROOT = "downstream.pretrain.";

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("downstream.pretrain");

  @Test
  void every_package_is_in_a_layer() {
    Set<String> packages =
        classes.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    assertThat(packages)
        .map(name -> name.substring(ROOT.length()))
        .containsExactlyInAnyOrder(
            "views",
            "masks",
            "settings",
            "monitor",
            "mining.regions",
            "mining.pairs",
            "mining.embedding",
            "mining.report",
            "mining",
            "model",
            "model.targets",
            "run",
            "method",
            "method.autoencoder",
            "method.contrast",
            "method.distillation",
            "method.ioca",
            "cli");
  }

  @Test
  void arrows_run_from_commands_to_methods_to_models_to_settings() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("views")
        .definedBy(ROOT + "views")
        .layer("masks")
        .definedBy(ROOT + "masks")
        .layer("settings")
        .definedBy(ROOT + "settings")
        .layer("monitor")
        .definedBy(ROOT + "monitor")
        .layer("mining")
        .definedBy(ROOT + "mining..")
        .layer("model")
        .definedBy(ROOT + "model..")
        .layer("run")
        .definedBy(ROOT + "run")
        .layer("method")
        .definedBy(ROOT + "method..")
        .layer("cli")
        .definedBy(ROOT + "cli")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("method")
        .mayNotBeAccessedByAnyLayer() // commands find methods by ServiceLoader
        .whereLayer("run")
        .mayOnlyBeAccessedByLayers("method", "cli")
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers("run", "method")
        .whereLayer("mining")
        .mayOnlyBeAccessedByLayers("run", "method", "cli") // the command 'mine'; pairs as examples
        .whereLayer("monitor")
        .mayOnlyBeAccessedByLayers("model", "run", "method")
        .whereLayer("settings")
        .mayOnlyBeAccessedByLayers("monitor", "mining", "model", "run", "method", "cli")
        .whereLayer("masks")
        .mayOnlyBeAccessedByLayers(
            "model", "method", "cli") // a command measures what masks ask for
        .whereLayer("views") // boxes and normalisation, which everything that reads images has
        .mayOnlyBeAccessedByLayers("masks", "settings", "monitor", "mining", "model", "method")
        .check(classes);
  }

  @Test
  void arrows_of_mining_run_from_reports_to_pairs_and_embeddings_to_regions() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("regions")
        .definedBy(ROOT + "mining.regions")
        .layer("pairs")
        .definedBy(ROOT + "mining.pairs")
        .layer("embedding")
        .definedBy(ROOT + "mining.embedding")
        .layer("report")
        .definedBy(ROOT + "mining.report")
        .layer("mining")
        .definedBy(ROOT + "mining")
        .whereLayer("mining")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("report")
        .mayOnlyBeAccessedByLayers("mining")
        .whereLayer("embedding")
        .mayOnlyBeAccessedByLayers("mining")
        .whereLayer("pairs")
        .mayOnlyBeAccessedByLayers("report", "mining")
        .whereLayer("regions")
        .mayOnlyBeAccessedByLayers("pairs", "embedding", "report", "mining")
        .check(classes);
  }

  @Test
  void no_packages_form_a_cycle_at_any_depth() {
    assertThat(classes).as("classes looked at").hasSizeGreaterThan(50);
    slices().matching("downstream.pretrain.(*)..").should().beFreeOfCycles().check(classes);
    slices().matching("downstream.pretrain.(**)").should().beFreeOfCycles().check(classes);
  }
}
