/** The detection module. */
@NullMarked
package downstream.detection;

import org.jspecify.annotations.NullMarked;
