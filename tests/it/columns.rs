//! Exports are recognised by their headers, as vendors and languages write them.

use cxm::error::Error;
use cxm::source::columns::{self, Layout, MapFlag, Mapping, guess};
use cxm::source::field::{Field, Kind};

fn names(header: &str) -> Vec<String> {
    header.split(',').map(str::to_owned).collect()
}

fn read(header: &str) -> Mapping {
    guess("q3.csv", &names(header), None, &[]).unwrap_or_else(|error| panic!("{error}: {header}"))
}

fn refused(header: &str, forced: Option<Kind>, maps: &[&str]) -> (String, String) {
    let maps: Vec<MapFlag> = maps.iter().map(|map| MapFlag::parse(map).unwrap()).collect();
    let error: Error = guess("q3.csv", &names(header), forced, &maps).unwrap_err();
    assert_eq!(error.status(), 3, "{error}");
    (error.to_string(), error.advice().unwrap_or_default().to_owned())
}

/// The names of the fields that were found, in the order of the columns; `-` for the other columns.
fn fields(mapping: &Mapping) -> String {
    let names = mapping.claimed.iter().map(|field| field.map_or("-", Field::as_str));
    names.collect::<Vec<_>>().join(",")
}

fn is(header: &str, kind: Kind, expected: &str) {
    let mapping = read(header);
    assert_eq!((mapping.kind, fields(&mapping).as_str()), (kind, expected), "{header}");
}

#[test]
fn the_page_of_names_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/columns.md");
    let page = columns::page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == page, "docs/columns.md is out of date: run the tests once with UPDATE_DOCS=1");
}

#[test]
fn plain_exports() {
    is(
        "response_id,customer_id,responded_at,metric,score,channel,stage,comment",
        Kind::Surveys,
        "response,customer,at,metric,score,channel,stage,comment",
    );
    is(
        "ticket_id,customer_id,created_at,first_reply_at,resolved_at,status,channel,topic,reopens,\
         agent_replies,handled_by",
        Kind::Tickets,
        "ticket,customer,created_at,first_reply_at,resolved_at,status,channel,topic,reopens,replies,\
         handled_by",
    );
    is(
        "order_id,customer_id,purchased_at,amount,currency,channel,product",
        Kind::Purchases,
        "order,customer,at,amount,currency,channel,product",
    );
}

#[test]
fn the_name_of_a_field_is_always_a_name_of_its_column() {
    // All but `response`: a column called that more often holds the text of an answer than an id.
    for &kind in Kind::ALL {
        for &field in Field::of(kind).iter().filter(|field| **field != Field::Response) {
            let header: Vec<String> = vec![field.as_str().to_owned()];
            let required =
                Field::required(kind).iter().filter(|other| **other != field).map(|f| f.as_str().to_owned());
            let header: Vec<String> = header.into_iter().chain(required).collect();
            let mapping = guess("x.csv", &header, Some(kind), &[]).unwrap();
            let long_question = Field::QUESTIONS.contains(&field);
            assert_eq!(mapping.column(field).is_none(), long_question, "{kind}.{field}");
        }
    }
}

#[test]
fn vendors() {
    let zendesk = read(
        "Summation column,Id,Requester,Requester id,Requester email,Assignee,Group,Subject,Tags,Status,\
         Priority,Via,Ticket type,Created at,Updated at,Solved at,Resolution time,\
         Satisfaction Score,Reopens,Replies",
    );
    assert_eq!(
        (zendesk.kind, fields(&zendesk).as_str()),
        (
            Kind::Tickets,
            "-,ticket,-,customer,-,agent,-,-,-,status,-,channel,topic,created_at,-,\
             resolved_at,-,rating,reopens,replies"
        )
    );
    is(
        "Ticket ID,Subject,Status,Source,Type,Agent,Created time,Resolved time,Closed time,\
         Agent interactions,Email",
        Kind::Tickets,
        "ticket,-,status,channel,topic,agent,created_at,resolved_at,-,replies,customer",
    );
    is(
        "Issue key,Issue id,Issue Type,Status,Reporter Id,Created,Resolved,Comment,Comment",
        Kind::Tickets,
        "ticket,-,topic,status,customer,created_at,resolved_at,-,-",
    );
    is(
        "Clave de incidencia,Estado,ID del informador,Persona asignada,Creada,Resuelta",
        Kind::Tickets,
        "ticket,status,-,agent,created_at,resolved_at",
    );
    is(
        "Email,Financial Status,Paid at,Currency,Total,Created at,Lineitem name,Refunded Amount,Id,Source",
        Kind::Purchases,
        "customer,-,-,currency,amount,at,product,refunded,order,channel",
    );
    is(
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,Customer Email",
        Kind::Purchases,
        "order,at,amount,refunded,currency,-,customer,-",
    );
    is(
        "Respondent ID,Collector ID,Start Date,End Date,Email Address,\
         How likely is it that you would recommend us?",
        Kind::Surveys,
        "-,-,-,at,customer,nps",
    );
    is(
        "StartDate,EndDate,RecordedDate,ResponseId,RecipientEmail,ExternalReference,DistributionChannel,\
         NPS,Q1_NPS_GROUP",
        Kind::Surveys,
        "-,-,at,response,-,customer,channel,nps,-",
    );
    is(
        "id,survey_type,score,comment,created_at,Person email",
        Kind::Surveys,
        "response,metric,score,comment,at,customer",
    );
}

#[test]
fn surveys_in_nine_languages() {
    for (header, question) in [
        ("Customer,Date,NPS,Comment", "How likely are you to recommend us?"),
        ("Klantnummer,Datum,Tevredenheid,Opmerking", "Hoe waarschijnlijk is het dat u ons aanbeveelt?"),
        (
            "Kundennummer,Datum,Zufriedenheit,Kommentar",
            "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
        ),
        (
            "Numéro client,Date de réponse,Satisfaction client,Commentaire",
            "Quelle est la probabilité que vous nous recommandiez ?",
        ),
        ("Cliente,Fecha,Satisfacción,Comentario", "¿Qué tan probable es que nos recomiende?"),
        ("Cliente,Data,Satisfação,Comentário", "Qual a probabilidade de você nos recomendar?"),
        ("Klient,Data odpowiedzi,Zadowolenie,Komentarz", "Jak prawdopodobne jest, że polecisz nas znajomym?"),
        ("Kliendi ID,Kuupäev,Rahulolu,Kommentaar", "Kui tõenäoliselt soovitaksite meid sõbrale?"),
        (
            "Kliëntnommer,Datum,Kliëntetevredenheid,Kommentaar",
            "Hoe waarskynlik is dit dat u ons sal aanbeveel?",
        ),
    ] {
        let mut header = names(header);
        header.push(question.to_owned());
        let mapping = guess("x", &header, None, &[]).unwrap();
        assert_eq!((mapping.kind, mapping.layout), (Kind::Surveys, Layout::Wide));
        let two = if header[2] == "NPS" { "nps,comment,-" } else { "csat,comment,nps" };
        assert_eq!(fields(&mapping), format!("customer,at,{two}"), "{header:?}");
    }
}

#[test]
fn long_surveys_in_nine_languages() {
    for header in [
        "Customer,Date,Metric,Score",
        "Klant,Datum,Metriek,Cijfer",
        "Kunde,Datum,Kennzahl,Punktzahl",
        "Client,Date,Indicateur,Score",
        "Cliente,Fecha,Métrica,Puntuación",
        "Cliente,Data,Métrica,Pontuação",
        "Klient,Data,Wskaźnik,Wynik",
        "Klient,Kuupäev,Mõõdik,Skoor",
        "Kliënt,Datum,Maatstaf,Telling",
    ] {
        is(header, Kind::Surveys, "customer,at,metric,score");
    }
}

#[test]
fn tickets_in_nine_languages() {
    for header in [
        "Ticket number,Customer,Opened at,Solved at,Topic,Channel",
        "Ticketnummer,Klant,Aangemaakt op,Opgelost op,Onderwerp,Kanaal",
        "Vorgangsnummer,Kunde,Erstellt am,Gelöst am,Thema,Kanal",
        "Numéro de ticket,Client,Créé le,Résolu le,Thème,Canal",
        "Número de ticket,Cliente,Fecha de creación,Fecha de cierre,Tema,Canal",
        "Número do ticket,Cliente,Criado em,Resolvido em,Assunto,Canal",
        "Numer zgłoszenia,Klient,Data utworzenia,Data rozwiązania,Temat,Kanał",
        "Pöördumise number,Klient,Loodud,Lahendatud,Teema,Kanal",
        "Kaartjienommer,Kliënt,Geskep op,Opgelos op,Onderwerp,Kanaal",
    ] {
        is(header, Kind::Tickets, "ticket,customer,created_at,resolved_at,topic,channel");
    }
}

#[test]
fn purchases_in_nine_languages() {
    for header in [
        "Order number,Email,Order date,Total,Currency,Product",
        "Bestelnummer,E-mailadres,Besteldatum,Totaalbedrag,Valuta,Artikel",
        "Bestellnummer,E-Mail-Adresse,Bestelldatum,Gesamtbetrag,Währung,Produkt",
        "Numéro de commande,Adresse e-mail,Date de commande,Montant total,Devise,Produit",
        "Número de pedido,Correo electrónico,Fecha de compra,Importe,Moneda,Producto",
        "Número do pedido,E-mail,Data da compra,Valor total,Moeda,Produto",
        "Numer zamówienia,Adres e-mail,Data zamówienia,Kwota,Waluta,Produkt",
        "Tellimuse number,E-post,Tellimuse kuupäev,Summa,Valuuta,Toode",
        "Bestelnommer,E-posadres,Aankoopdatum,Bedrag,Geldeenheid,Produk",
    ] {
        is(header, Kind::Purchases, "order,customer,at,amount,currency,product");
    }
}

#[test]
fn a_survey_is_long_only_with_metric_and_score() {
    assert_eq!(read("at,metric,score,nps").layout, Layout::Long);
    assert_eq!(fields(&read("at,metric,score,nps")), "at,metric,score,-");
    assert_eq!(read("at,score,nps,csat").layout, Layout::Wide);
    assert_eq!(fields(&read("at,score,nps,csat")), "at,-,nps,csat");
}

#[test]
fn an_address_is_the_customer_only_where_nothing_better_is() {
    is("email,customer_id,at,nps", Kind::Surveys, "-,customer,at,nps");
    is("email,at,nps", Kind::Surveys, "customer,at,nps");
}

#[test]
fn other_columns_keep_their_names() {
    let mapping = read("at,nps,Country,Plan Type,country");
    assert_eq!(mapping.names, ["at", "nps", "country", "plan_type", "country#2"]);
    assert_eq!(
        (mapping.other("plan type"), mapping.other("country#2"), mapping.other("region")),
        (Some(3), Some(4), None)
    );
}

#[test]
fn a_missing_column_is_named_with_the_flag_that_maps_it() {
    let (message, hint) = refused("id,rating,date", Some(Kind::Surveys), &[]);
    assert_eq!(
        message,
        "could not read surveys from `q3.csv`: no column for the score (found `id`, `rating` and `date`)"
    );
    assert_eq!(hint, "pass --map surveys.score=rating");
    let (message, hint) = refused("date,score", Some(Kind::Surveys), &[]);
    assert_eq!(
        message,
        "could not read surveys from `q3.csv`: no column for the metric (found `date` and `score`)"
    );
    assert_eq!(hint, "pass --map surveys.nps=score (or csat, ces)");
    let (message, hint) =
        refused("ResponseId,RecordedDate,Q1,And how do you feel about our new pricing today?", None, &[]);
    assert!(message.ends_with("`Q1` and `And how do you feel about our new pricin…`)"), "{message}");
    assert_eq!(hint, "pass --map surveys.nps=COLUMN (or csat, ces)");
    let (message, hint) = refused("order_id,amount,Shipped at", None, &[]);
    assert!(message.contains("no column for the customer and the time (found"), "{message}");
    assert_eq!(hint, "pass --map purchases.customer=COLUMN --map purchases.at=shipped_at");
}

#[test]
fn columns_that_fit_equally_well_are_left_to_the_user() {
    let (message, hint) = refused("id,Submitted At,completed_at,nps", None, &[]);
    assert_eq!(
        message,
        "could not read surveys from `q3.csv`: more than one column for the time: \
         `Submitted At` and `completed_at`"
    );
    assert_eq!(hint, "pass --map surveys.at=submitted_at or --map surveys.at=completed_at");
    let (_, hint) = refused("at,nps,comment,comment", None, &[]);
    assert_eq!(hint, "pass --map surveys.comment=comment or --map surveys.comment=comment#2");
    let flag = [MapFlag::parse("surveys.at=Submitted at").unwrap()];
    let mapping = guess("q3.csv", &names("id,Submitted At,completed_at,nps"), None, &flag).unwrap();
    assert_eq!(fields(&mapping), "response,at,-,nps");
}

#[test]
fn a_mapped_column_that_the_file_lacks_is_an_error_with_near_names() {
    let (message, hint) = refused("at,nps,Q12_2,Q7", None, &["surveys.csat=Q12_1"]);
    assert_eq!(
        message,
        "could not read surveys from `q3.csv`: no column `Q12_1` for the csat \
         question (found `at`, `nps`, `Q12_2` and `Q7`)"
    );
    assert_eq!(hint, "pass --map surveys.csat=Q12_2");
    let tickets = [MapFlag::parse("tickets.topic=Theme").unwrap()];
    assert_eq!(guess("q3.csv", &names("at,nps"), None, &tickets).unwrap().kind, Kind::Surveys);
}

#[test]
fn what_is_no_export_or_may_be_two_is_said() {
    let (message, hint) = refused("Country,Region,", None, &[]);
    assert_eq!(message, "could not tell what `q3.csv` holds (found `Country` and `Region`)");
    assert_eq!(
        hint,
        "pass --surveys q3.csv, --tickets q3.csv, --purchases q3.csv, --subscriptions q3.csv or --customers q3.csv, \
         and --map for what is not recognised, e.g. --map surveys.at=COLUMN"
    );
    let (message, hint) = refused("ticket_id,created_at,csat", None, &[]);
    assert_eq!(message, "`q3.csv` may be surveys or tickets (found `ticket_id`, `created_at` and `csat`)");
    assert_eq!(hint, "pass --surveys q3.csv or --tickets q3.csv");
    let forced = guess("q3.csv", &names("ticket_id,created_at,csat"), Some(Kind::Tickets), &[]).unwrap();
    assert_eq!(fields(&forced), "ticket,created_at,rating");
}

#[test]
fn subscriptions_are_told_from_purchases_and_surveys() {
    is(
        "subscription_id,customer_id,started_at,ended_at,plan,mrr,currency,channel,reason",
        Kind::Subscriptions,
        "subscription,customer,started_at,ended_at,plan,mrr,currency,channel,reason",
    );
    is("customer,started_at,ended_at", Kind::Subscriptions, "customer,started_at,ended_at");
    for header in [
        "Abonnementsnummer,Klantnummer,Startdatum,Einddatum,Abonnementsvorm,Maandbedrag",
        "Vertragsnummer,Kundennummer,Vertragsbeginn,Vertragsende,Tarif,Monatsbeitrag",
        "Numéro abonnement,Numéro client,Date de début,Date de fin,Formule,Mensualité",
        "ID suscripción,ID cliente,Fecha de inicio,Fecha de fin,Tipo de suscripción,Cuota mensual",
        "ID assinatura,Código do cliente,Data de início,Data de fim,Plano,Mensalidade",
    ] {
        is(header, Kind::Subscriptions, "subscription,customer,started_at,ended_at,plan,mrr");
    }
    // What was bought, asked or answered has its own kind, whatever plan its customer is on.
    is("order_id,customer_id,order_date,amount,plan", Kind::Purchases, "order,customer,at,amount,-");
    is("ticket_id,customer_id,created_at,started_at,plan", Kind::Tickets, "ticket,customer,created_at,-,-");
    is("Email,Start Date,End Date,Plan,NPS", Kind::Surveys, "customer,-,at,-,nps");
}

#[test]
fn a_file_that_may_be_purchases_or_subscriptions_is_left_to_the_user() {
    let (message, hint) =
        refused("customer_id,order_id,order_date,amount,start_date,end_date,plan", None, &[]);
    assert_eq!(
        message,
        "`q3.csv` may be purchases or subscriptions (found `customer_id`, `order_id`, `order_date`, `amount`, \
         `start_date`, `end_date` and `plan`)"
    );
    assert_eq!(hint, "pass --purchases q3.csv or --subscriptions q3.csv");
    // The amount and the time of an order beside a plan with a start.
    let (_, hint) =
        refused("id,Customer ID,Plan,Currency,Amount,Created (UTC),Start (UTC),Ended At (UTC)", None, &[]);
    assert_eq!(hint, "pass --purchases q3.csv or --subscriptions q3.csv");
    let (message, hint) = refused("customer_id,created_at,plan,mrr", Some(Kind::Subscriptions), &[]);
    assert!(message.contains("no column for the time of the start"), "{message}");
    assert_eq!(hint, "pass --map subscriptions.started_at=created_at");
}

#[test]
fn a_list_of_customers_has_an_id_and_says_of_nothing_when_it_happened() {
    for (header, expected) in [
        ("customer_id,email,Zendesk ID,region,plan,status", "customer,-,-,-,-,-"),
        ("Email,Region,signed_up_at", "customer,-,-"),
        ("id,First name,E-mail address,Product", "customer,-,-,-"),
        ("Kundennummer,E-Mail-Adresse,Land", "customer,-,-"),
        ("contact_id,account_id,requester_email,channel,stage", "customer,-,-,-,-"),
    ] {
        is(header, Kind::Customers, expected);
    }
    // A time of a contact, an amount, a score: what it is stays for the user to say.
    for header in ["email,created_at,region", "customer_id,date,region", "id,region", "email,day,region"] {
        assert!(refused(header, None, &[]).0.starts_with("could not tell what"), "{header}");
    }
    assert!(refused("customer_id,email,amount", None, &[]).0.starts_with("could not read purchases"));
    assert!(refused("customer_id,email,score", None, &[]).0.starts_with("could not read surveys"));
    let said = guess("q3.csv", &names("email,created_at,region"), Some(Kind::Customers), &[]).unwrap();
    assert_eq!(fields(&said), "customer,-,-");
    let (_, hint) = refused("client_id,customer_number,region", None, &[]);
    assert_eq!(hint, "pass --map customers.customer=client_id or --map customers.customer=customer_number");
}
