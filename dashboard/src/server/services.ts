import { controlApi } from '../../../src/client/control-api.ts';
import { httpAuditService } from '../../../src/client/http-audit-service.ts';
import { httpEventService } from '../../../src/client/http-event-service.ts';
import { httpGatewayService } from '../../../src/client/http-gateway-service.ts';
import { httpKeyService } from '../../../src/client/http-key-service.ts';
import { httpMeService, httpPeopleService, httpTeamService } from '../../../src/client/http-people-service.ts';
import { httpPreviewService } from '../../../src/client/http-preview-service.ts';
import { httpProfileService } from '../../../src/client/http-profile-service.ts';

/** The server that this page came from. The browser adds its cookie, so that no script ever has a credential. */
const options = { url: location.origin, token: null };
const call = controlApi(options);

/** All that the dashboard asks the server, as the command line does. Every call throws an `OutkitError`. */
export const services = {
  keys: httpKeyService(call),
  profiles: httpProfileService(call),
  previews: httpPreviewService(call),
  audit: httpAuditService(call),
  events: httpEventService(call, options),
  people: httpPeopleService(call),
  teams: httpTeamService(call),
  me: httpMeService(call),
  gateways: httpGatewayService(call),
} as const;
