package io.postmesh.local;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;

/// The four services as slices; everything else belongs to nobody.
final class Services implements SliceAssignment {
    private static final List<String> SERVICES = List.of("ingress", "policy", "signer", "delivery");

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
        return SERVICES.stream()
                .filter(name -> (type.getPackageName() + ".").startsWith("io.postmesh." + name + "."))
                .findFirst()
                .map(SliceIdentifier::of)
                .orElseGet(SliceIdentifier::ignore);
    }

    @Override
    public String getDescription() {
        return "the four services";
    }
}
