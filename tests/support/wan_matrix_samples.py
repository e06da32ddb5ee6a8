"""The answer to SR 12.1 of a premises that one CSP Region knows and one does not."""

COVERAGE = (
    '<sr:Response xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway" schemaVersion="5.4">'
    "<sr:Header><sr:ResponseCode>I0</sr:ResponseCode>"
    "<sr:ResponseDateTime>2026-11-20T09:00:00Z</sr:ResponseDateTime></sr:Header><sr:Body>"
    "<sr:ResponseMessage><sr:ServiceReference>12.1</sr:ServiceReference>"
    "<sr:ServiceReferenceVariant>12.1</sr:ServiceReferenceVariant><sr:DSPWANMatrix><sr:Request>"
    "<sr:UPRN>1</sr:UPRN></sr:Request><sr:DSPWANMatrixResponse><sr:CSPRegion>North</sr:CSPRegion>"
    "<sr:CSPRegionResponseCode>E120101</sr:CSPRegionResponseCode></sr:DSPWANMatrixResponse>"
    "<sr:DSPWANMatrixResponse><sr:CSPRegion>South</sr:CSPRegion>"
    "<sr:CSPRegionResponseCode>I0</sr:CSPRegionResponseCode>"
    "<sr:CoverageAvailability>true</sr:CoverageAvailability>"
    "<sr:WANTechnology>Cellular+Mesh</sr:WANTechnology>"
    "<sr:ConnectivityLikelihood>High</sr:ConnectivityLikelihood></sr:DSPWANMatrixResponse>"
    "</sr:DSPWANMatrix></sr:ResponseMessage></sr:Body></sr:Response>"
)
